namespace Provenance.Runtime.Host;

/// <summary>The fast networks by which MPI libraries choose how they carry messages, by the names of their kernel drivers.</summary>
/// <remarks>Sources: Linux, Documentation/infiniband/sysfs.rst; the cxi driver of Slingshot has a class of its own.</remarks>
internal static class FabricProbe
{
    private static readonly string[] Classes = ["/sys/class/infiniband", "/sys/class/cxi"];

    /// <summary>In order, each once; null for none.</summary>
    internal static IReadOnlyList<string>? Read(MachineFiles files)
    {
        string[] drivers =
        [
            .. Classes.SelectMany(folder => files.List(folder).Select(device => files.LinkName($"{folder}/{device}/device/driver") ?? Family(device)))
                .Distinct().Order(StringComparer.Ordinal),
        ];
        return drivers.Length == 0 ? null : drivers;
    }

    /// <summary>A device's name without its number, where its driver cannot be told: <c>mlx5</c> of <c>mlx5_0</c>.</summary>
    private static string Family(string device) => device.TrimEnd("0123456789".ToCharArray()).TrimEnd('_') is { Length: > 0 } name ? name : device;
}
