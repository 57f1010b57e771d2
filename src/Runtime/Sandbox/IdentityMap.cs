using System.Globalization;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Sandbox;

/// <summary>The uid_map and gid_map of a container's user namespace.</summary>
/// <remarks>Source: user_namespaces(7). Maps of more than one's own id can only be written by root, from outside.</remarks>
internal sealed record IdentityMap(string Uids, string Gids, bool FromOutside)
{
    /// <summary>Root keeps every id it has; anybody else is one user, who has the id inside that is asked for.</summary>
    public static IdentityMap For(ContainerUser user)
    {
        if (IsFullRoot())
            return new IdentityMap(Identical("/proc/self/uid_map"), Identical("/proc/self/gid_map"), FromOutside: true);
        return new IdentityMap(
            $"{user.Uid} {Identity.EffectiveUid} 1\n", $"{user.Gid} {Identity.EffectiveGid} 1\n", FromOutside: false);
    }

    /// <summary>Root that has more than one id: not the root of a one-user namespace, who is an ordinary user outside.</summary>
    public static bool IsFullRoot() =>
        Identity.EffectiveUid == 0 && Extents("/proc/self/uid_map").Sum(extent => extent.Count) > 1;

    private static string Identical(string map) =>
        string.Concat(Extents(map).Select(extent => $"{extent.First} {extent.First} {extent.Count}\n"));

    private static IEnumerable<(long First, long Count)> Extents(string map) =>
        File.ReadAllText(map).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(fields => (Number(fields[0]), Number(fields[2])));

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
