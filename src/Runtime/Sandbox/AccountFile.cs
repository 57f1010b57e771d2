using System.Globalization;

namespace Provenance.Runtime.Sandbox;

/// <summary>Reads and extends /etc/passwd and /etc/group, line by line, leaving every line that is not ours as it is.</summary>
/// <remarks>Source: passwd(5), group(5).</remarks>
public static class AccountFile
{
    /// <summary>The fields of the first line with this id; null when there is none.</summary>
    public static AccountLine? FindById(string content, uint id) => Lines(content).FirstOrDefault(line => line.Id == id);

    /// <summary>The fields of the first line with this name; null when there is none.</summary>
    public static AccountLine? FindByName(string content, string name) =>
        Lines(content).FirstOrDefault(line => line.Name == name);

    /// <summary>Lines that are no account (comments, NIS's "+", too few fields) are passed over, as libc does.</summary>
    public static IEnumerable<AccountLine> Lines(string content) =>
        content.Split('\n').Select(AccountLine.Parse).OfType<AccountLine>();

    /// <summary>The image's passwd in which the user's uid has a line: added, or its name replaced.</summary>
    public static string Passwd(string image, ContainerUser user) => WithAccount(
        image, user.Uid, user.Name,
        $"{user.Name}:x:{user.Uid}:{user.Gid}:{user.Name}:{user.Home}:/bin/sh");

    /// <summary>The image's group file in which the user's gid has a line.</summary>
    public static string Group(string image, ContainerUser user, string groupName) =>
        FindById(image, user.Gid) is null ? Append(image, $"{groupName}:x:{user.Gid}:") : image;

    private static string WithAccount(string image, uint id, string name, string line)
    {
        if (FindById(image, id) is not { } found)
            return Append(image, line);
        if (found.Name == name)
            return image;
        string[] lines = image.Split('\n');
        int at = Array.FindIndex(lines, text => AccountLine.Parse(text)?.Id == id);
        lines[at] = name + lines[at][lines[at].IndexOf(':', StringComparison.Ordinal)..];
        return string.Join('\n', lines);
    }

    private static string Append(string content, string line) =>
        content.Length == 0 || content.EndsWith('\n') ? $"{content}{line}\n" : $"{content}\n{line}\n";

    internal static bool TryParseId(string text, out uint id) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id);
}
