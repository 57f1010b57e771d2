using System.Globalization;
using Provenance.Archive.Compatibility;
using Provenance.Archive.Records;
using Provenance.Runtime.Native;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Recording;

/// <summary>What a job inherits from the process that starts it, as /proc/self tells it.</summary>
internal static class InvocationFacts
{
    private const string Allowed = "Cpus_allowed_list:";

    /// <summary>The names in /proc/self/limits, and getrlimit(2)'s.</summary>
    private static readonly (string Prefix, string Name)[] LimitNames =
    [
        ("Max cpu time", "cpu"), ("Max file size", "fsize"), ("Max data size", "data"), ("Max stack size", "stack"),
        ("Max core file size", "core"), ("Max resident set", "rss"), ("Max processes", "nproc"),
        ("Max open files", "nofile"), ("Max locked memory", "memlock"), ("Max address space", "as"),
        ("Max file locks", "locks"), ("Max pending signals", "sigpending"), ("Max msgqueue size", "msgqueue"),
        ("Max nice priority", "nice"), ("Max realtime priority", "rtprio"), ("Max realtime timeout", "rttime"),
    ];

    /// <summary>The invocation of a planned job that this process is about to start.</summary>
    public static Invocation Describe(ContainerSpec spec)
    {
        string[] status = File.ReadAllLines("/proc/self/status");
        return new Invocation
        {
            Argv = spec.Argv,
            WorkingDirectory = spec.WorkingDirectory,
            User = new RunUser
            {
                Uid = spec.User.Uid,
                Gid = spec.User.Gid,
                Name = spec.User.Name,
                Home = spec.User.Home,
                Groups = spec.User.Groups.Count > 0 && IdentityMap.IsFullRoot() ? [.. spec.User.Groups] : null,
            },
            Umask = Field(status, "Umask:") ?? "0022",
            Limits = OwnLimits(),
            Affinity = Field(status, Allowed) ?? "",
            Stdin = DescribeStdin(Descriptors.Standard(0)),
            Terminals = FindTerminals(),
            Network = spec.Network == ContainerNetwork.None ? "none" : "host",
            Hostname = spec.Hostname,
            WritableRoot = spec.Writable is not null,
            AllowNesting = spec.AllowNesting ? true : null,
        };
    }

    /// <summary>How many CPUs this process is allowed, and what it starts; 0 where that is not known.</summary>
    public static int CountCpus() => CpuCount.Of(Field(File.ReadAllLines("/proc/self/status"), Allowed) ?? "");

    /// <summary>Where our own standard output and error go, so far as that is to regular files with a name.</summary>
    public static IReadOnlyList<string> FindStreamFiles()
    {
        int[] descriptors = [1, 2];
        return
        [
            .. descriptors.Where(IsNamedFile).Select(PathOf).OfType<string>().Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>Of this process, and so of what it starts; in order of name.</summary>
    internal static IReadOnlyList<ResourceLimit> OwnLimits() => ParseLimits(File.ReadAllLines("/proc/self/limits"));

    /// <summary>Null for none.</summary>
    private static JobTerminal[]? FindTerminals()
    {
        string[] streams = [JobTerminals.Stdin, JobTerminals.Stdout, JobTerminals.Stderr];
        JobTerminal[] found =
        [
            .. from number in Enumerable.Range(0, streams.Length)
               let stream = Descriptors.Standard(number)
               where Descriptors.IsTerminal(stream)
               let size = PseudoTerminals.GetSize(stream) ?? default
               select new JobTerminal { Stream = streams[number], Rows = size.Rows, Columns = size.Columns },
        ];
        return found.Length > 0 ? found : null;
    }

    /// <summary>In order of name.</summary>
    internal static IReadOnlyList<ResourceLimit> ParseLimits(IReadOnlyList<string> lines) =>
    [
        .. from line in lines
           from known in LimitNames
           where line.StartsWith(known.Prefix, StringComparison.Ordinal)
           let words = line[known.Prefix.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
           where words.Length >= 2
           orderby known.Name
           select new ResourceLimit { Name = known.Name, Soft = ParseLimit(words[0]), Hard = ParseLimit(words[1]) },
    ];

    private static bool IsNamedFile(int descriptor) => Descriptors.Standard(descriptor) is var file
        && Descriptors.IsOpen(file) && Files.Status(file) is { IsFile: true, LinkCount: > 0 };

    private static string? PathOf(int descriptor) =>
        File.ResolveLinkTarget(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{descriptor}"), returnFinalTarget: false)?.FullName;

    /// <summary>Kind, path and place; the content is the recorder's.</summary>
    private static StandardInput DescribeStdin(Microsoft.Win32.SafeHandles.SafeFileHandle stdin)
    {
        if (!Descriptors.IsOpen(stdin))
        {
            return new StandardInput { Kind = "closed" };
        }

        if (Descriptors.IsTerminal(stdin))
        {
            return new StandardInput { Kind = "terminal" };
        }

        const uint NullMajor = 1, NullMinor = 3;  // linux Documentation/admin-guide/devices.txt
        var status = Files.Status(stdin);
        return status.Type switch
        {
            Files.S_IFREG => new StandardInput
            {
                Kind = "file",
                Path = PathOf(0),
                Offset = Descriptors.Position(stdin) ?? 0,
            },
            Files.S_IFIFO or Files.S_IFSOCK => new StandardInput { Kind = "pipe" },
            Files.S_IFCHR when (status.DeviceMajor, status.DeviceMinor) == (NullMajor, NullMinor) =>
                new StandardInput { Kind = "null" },
            _ => new StandardInput { Kind = "other" },
        };
    }

    private static long? ParseLimit(string word) =>
        long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;

    private static string? Field(string[] status, string name) =>
        status.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim();
}
