using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Tests.Compatibility;

/// <summary>The smallest runs, for rules to judge. Tests of Runtime use them too.</summary>
internal static class RunSamples
{
    /// <summary>Requirements of a program that asks for nothing.</summary>
    internal static Requirements NoRequirements { get; } = new()
    {
        Analysis = 1,
        Files = 1,
        CodeBytes = 1,
        Must = [],
        May = [],
        Start = [],
        MakesCode = [],
        Approximate = [],
        NotAnalysed = [],
    };

    internal static RunRecord RunOn(params HostProfile[] hosts)
    {
        var none = new FileList { Count = 0, TotalBytes = 0 };
        var digest = Digest.Of("nothing"u8);
        return new()
        {
            Recorder = new() { Name = "prov", Version = "0" },
            Invocation = Invocation(),
            Image = new()
            {
                Reference = "fit",
                Manifest = digest,
                Tree = digest,
                Record = digest,
                Platform = new() { Os = "linux", Architecture = hosts[0].Cpu.Architecture },
            },
            Environment = [],
            Mounts = [],
            Sandbox = new() { PidNamespace = true, Root = "read-only", Notes = [] },
            Hosts = hosts,
            Injected = [],
            Used = none,
            Generated = none,
            Hazards = [],
            Outcome = new()
            {
                ExitCode = 0,
                StartedAt = DateTimeOffset.UnixEpoch,
                EndedAt = DateTimeOffset.UnixEpoch,
                WallMilliseconds = 0,
                UserCpuMilliseconds = 0,
                SystemCpuMilliseconds = 0,
                PeakMemoryBytes = 1 << 30,
            },
            Observation = new() { Files = "mounts", NotSeen = [] },
            Labels = [],
        };
    }

    internal static InjectedFile Library(string soname, string sha256, params string[] versions) => new()
    {
        HostPath = $"/usr/lib/{soname}",
        ContainerPath = $"/usr/lib/{soname}",
        Digest = new() { Sha256 = sha256 },
        Size = 1,
        Soname = soname,
        VersionsProvided = versions,
        VersionsNeeded = [],
        Reason = "inject",
    };

    private static Invocation Invocation() => new()
    {
        Argv = ["./fit"],
        WorkingDirectory = "/work",
        User = new() { Uid = 1000, Gid = 1000, Name = "user", Home = "/home/user" },
        Umask = "0022",
        Limits = [],
        Affinity = "0-7",
        Stdin = new() { Kind = "null" },
        Network = "host",
        WritableRoot = false,
    };
}
