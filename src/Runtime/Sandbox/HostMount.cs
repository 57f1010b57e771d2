using System.Text;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Sandbox;

/// <summary>One mount of the host, as far as a read-only bind of it must know.</summary>
/// <param name="Target">Where it is mounted.</param>
/// <param name="LockedFlags">MS_* flags that a remount in a user namespace must repeat, or it is refused.</param>
internal sealed record HostMount(string Target, long LockedFlags)
{
    /// <summary>Reads /proc/self/mountinfo.</summary>
    public static IReadOnlyList<HostMount> Read() => Parse(File.ReadAllText("/proc/self/mountinfo"));

    /// <summary>Reads what proc_pid_mountinfo(5) describes: the mount point is the 5th field, its options the 6th.</summary>
    public static IReadOnlyList<HostMount> Parse(string mountinfo) =>
    [
        .. mountinfo.Split('\n').Select(line => line.Split(' ')).Where(fields => fields.Length > 6)
            .Select(fields => new HostMount(Unescape(fields[4]), Flags(fields[5].Split(',')))),
    ];

    private static long Flags(string[] options)
    {
        long flags = 0;
        foreach (string option in options)
        {
            flags |= option switch
            {
                "ro" => Mounts.MS_RDONLY,
                "nosuid" => Mounts.MS_NOSUID,
                "nodev" => Mounts.MS_NODEV,
                "noexec" => Mounts.MS_NOEXEC,
                "noatime" => Mounts.MS_NOATIME,
                "nodiratime" => Mounts.MS_NODIRATIME,
                "relatime" => Mounts.MS_RELATIME,
                _ => 0,
            };
        }
        return flags;
    }

    /// <summary>Space, tab, newline and backslash stand as a backslash and three octal digits.</summary>
    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
            return text;
        var result = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            bool escaped = text[i] == '\\' && i + 3 < text.Length;
            result.Append(escaped ? (char)Convert.ToInt32(text.Substring(i + 1, 3), 8) : text[i]);
            i += escaped ? 3 : 0;
        }
        return result.ToString();
    }
}
