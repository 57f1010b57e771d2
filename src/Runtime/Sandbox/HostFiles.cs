using System.Text;

namespace Provenance.Runtime.Sandbox;

/// <summary>The files of /etc that a container does not take from its image, because they are about the user and the host.</summary>
public static class HostFiles
{
    private const string Localhost = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n";

    /// <summary>What <see cref="Generate"/> makes.</summary>
    public static IReadOnlyList<string> Paths { get; } = ["/etc/group", "/etc/hostname", "/etc/hosts", "/etc/passwd", "/etc/resolv.conf"];

    /// <summary>Contents for <see cref="ContainerSpec.GeneratedFiles"/>, read from this host.</summary>
    /// <param name="passwd">Content of the image's /etc/passwd; empty when it has none.</param>
    /// <param name="group">Content of the image's /etc/group; empty when it has none.</param>
    public static IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Generate(
        string passwd, string group, ContainerUser user, Caller caller, ContainerNetwork network, string? hostname)
    {
        var texts = new Dictionary<string, string>
        {
            ["/etc/passwd"] = AccountFile.Passwd(passwd, user),
            ["/etc/group"] = AccountFile.Group(
                group, user, user.Gid == caller.Gid ? caller.GroupName : $"{user.Gid}"),
            ["/etc/hosts"] = Hosts(ReadOrEmpty("/etc/hosts"), network, hostname),
            ["/etc/resolv.conf"] = network == ContainerNetwork.Host ? ReadOrEmpty("/etc/resolv.conf") : "",
            ["/etc/hostname"] = (hostname ?? Environment.MachineName) + "\n",
        };
        return texts.ToDictionary(
            pair => pair.Key, pair => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(pair.Value)));
    }

    /// <summary>The host's names where the job has the host's network; and its own name, which must resolve.</summary>
    public static string Hosts(string host, ContainerNetwork network, string? hostname)
    {
        string text = network == ContainerNetwork.Host && host.Length > 0 ? host : Localhost;
        if (hostname is null)
            return text;
        return text.EndsWith('\n') ? $"{text}127.0.1.1 {hostname}\n" : $"{text}\n127.0.1.1 {hostname}\n";
    }

    private static string ReadOrEmpty(string path) => File.Exists(path) ? File.ReadAllText(path) : "";
}
