namespace Provenance.Runtime.Sandbox;

/// <summary>One line of /etc/passwd or /etc/group: both begin with name, password and id.</summary>
/// <param name="Fields">All of them, unparsed: gid and home are the 4th and 6th of passwd, members the 4th of group.</param>
public sealed record AccountLine(string Name, uint Id, IReadOnlyList<string> Fields)
{
    private const int PasswdGid = 3;
    private const int PasswdHome = 5;
    private const int GroupMembers = 3;

    /// <summary>The primary group of a passwd line; null when the line has none.</summary>
    public uint? PrimaryGroup =>
        Fields.Count > PasswdGid && AccountFile.TryParseId(Fields[PasswdGid], out uint gid) ? gid : null;

    /// <summary>The home of a passwd line; null when the line has none.</summary>
    public string? Home => Fields.Count > PasswdHome && Fields[PasswdHome].Length > 0 ? Fields[PasswdHome] : null;

    /// <summary>The members of a group line.</summary>
    public IEnumerable<string> Members => Fields.Count > GroupMembers
        ? Fields[GroupMembers].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        : [];

    internal static AccountLine? Parse(string line)
    {
        string[] fields = line.TrimEnd('\r').Split(':');
        return fields.Length >= 3 && fields[0].Length > 0 && AccountFile.TryParseId(fields[2], out uint id)
            ? new AccountLine(fields[0], id, fields)
            : null;
    }
}
