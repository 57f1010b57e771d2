using Provenance.Archive.Records;

namespace Provenance.Runtime.Host;

/// <summary>The kernel, the distribution and the C library.</summary>
internal static class SystemProbe
{
    /// <summary>Words of the kernel command line that change what a program finds of the CPU and of memory.</summary>
    /// <remarks>Source: Linux, Documentation/admin-guide/kernel-parameters.txt. gather_data_sampling=force switches AVX off.</remarks>
    private static readonly string[] CpuOptions =
    [
        "clearcpuid=", "noxsave", "noxsaveopt", "noxsaves", "nosmt", "nosmt=", "nopku", "nofsgsbase", "tsx=", "mitigations=",
        "gather_data_sampling=", "arm64.", "maxcpus=", "nr_cpus=", "nosmp", "isolcpus=", "nohz_full=", "numa=",
        "transparent_hugepage=", "hugepages=", "hugepagesz=", "default_hugepagesz=", "mem=", "idle=",
    ];

    internal static KernelProfile ReadKernel(MachineFiles files) => new()
    {
        Release = files.ReadText("/proc/sys/kernel/osrelease") ?? "unknown",
        Version = files.ReadText("/proc/sys/kernel/version") ?? "unknown",
        CpuOptions = [.. (files.ReadText("/proc/cmdline") ?? "")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(word => Array.Exists(CpuOptions, o => IsOption(word, o)))],
        Handlers = BinfmtProbe.Read(files),
    };

    internal static OperatingSystemProfile ReadOperatingSystem(MachineFiles files, string? glibcVersion)
    {
        var release = ReadOsRelease(files);
        string? libc = glibcVersion is not null ? "glibc" : FindLibc(files);
        return new()
        {
            Id = release.GetValueOrDefault("ID", "linux"),
            VersionId = release.GetValueOrDefault("VERSION_ID"),
            PrettyName = release.GetValueOrDefault("PRETTY_NAME", release.GetValueOrDefault("ID", "Linux")),
            Libc = libc,
            LibcVersion = glibcVersion,
        };
    }

    /// <summary>An option that ends in <c>=</c> or <c>.</c> is a beginning, any other a whole word.</summary>
    private static bool IsOption(string word, string option) =>
        option[^1] is '=' or '.' ? word.StartsWith(option, StringComparison.Ordinal) : word == option;

    /// <summary>Source: os-release(5): shell assignments, of which quotes and backslashes are all that has to be undone.</summary>
    private static Dictionary<string, string> ReadOsRelease(MachineFiles files)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        string text = files.ReadText("/etc/os-release") ?? files.ReadText("/usr/lib/os-release") ?? "";
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && line[0] != '#')
                values[line[..equals]] = Unquote(line[(equals + 1)..]);
        }

        return values;
    }

    private static string Unquote(string value)
    {
        bool quoted = value.Length >= 2 && value[0] is '"' or '\'' && value[^1] == value[0];
        return (quoted ? value[1..^1] : value).Replace("\\", "", StringComparison.Ordinal);
    }

    /// <summary>By the name of its loader, whose place the ABI of each architecture fixes.</summary>
    private static string? FindLibc(MachineFiles files)
    {
        if (files.Exists("/lib64/ld-linux-x86-64.so.2") || files.Exists("/lib/ld-linux-aarch64.so.1"))
            return "glibc";

        return files.List("/lib").Any(n => n.StartsWith("ld-musl-", StringComparison.Ordinal)) ? "musl" : null;
    }
}
