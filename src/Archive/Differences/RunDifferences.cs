using Provenance.Archive.Images.Packages;
using Provenance.Archive.Records;

namespace Provenance.Archive.Differences;

/// <summary>What two runs have in common and what not, section by section.</summary>
public static class RunDifferences
{
    /// <param name="a">The first run.</param>
    /// <param name="b">The second.</param>
    /// <param name="keepSame">Lists inputs and outputs that are the same too; what is short is listed in any case.</param>
    public static IReadOnlyList<DifferenceSection> Of(RunSide a, RunSide b, bool keepSame)
    {
        var (x, y) = (a.Record, b.Record);
        return
        [
            new("command", SideBySide.Align(x.Invocation.Argv, y.Invocation.Argv)),
            new("job", Job(x, y)),
            new("environment", SideBySide.ByName(x.Environment, y.Environment, variable => variable.Name, ValueOf)),
            new("mounts", SideBySide.ByName(x.Mounts, y.Mounts, mount => mount.Destination, Describe)),
            new("image", Image(x.Image, y.Image)),
            .. Packages(a, b),
            new("host", HostDifferences.Of(x.Hosts, y.Hosts)),
            new("injected", InjectionDifferences.Of(x, y)),
            new("GPU code", SideBySide.ByName(x.GpuCode ?? [], y.GpuCode ?? [], code => code.Path, InjectionDifferences.Describe)),
            new("libraries", SideBySide.ByName(x.Libraries ?? [], y.Libraries ?? [], library => library.Path, Describe)),
            new("sources", SideBySide.ByName(x.Sources ?? [], y.Sources ?? [], source => source.Path, Describe)),
            new("inputs", SideBySide.BySortedName(Seen(a.Used), Seen(b.Used), file => file.Path, Describe, keepSame)),
            new("outputs", SideBySide.BySortedName(a.Generated, b.Generated, file => file.Path, Describe, keepSame)),
            new("outcome", Outcome(x.Outcome, y.Outcome)),
            new("hazards", SideBySide.ByName(x.Hazards, y.Hazards, hazard => hazard.Id, hazard => hazard.Message)),
            new("recording", Recording(x, y)),
        ];
    }

    private static DifferenceSection[] Packages(RunSide a, RunSide b)
    {
        if (a.Packages is not { } x || b.Packages is not { } y)
        {
            return [];
        }

        // Of a captured image those that the job used are known: that another image has more of them is no difference.
        bool isOneCaptured = IsCaptured(a) != IsCaptured(b);
        return
        [
            new("packages", SideBySide.ByName(
                isOneCaptured && IsCaptured(b) ? AmongThoseOf(y, x) : x,
                isOneCaptured && IsCaptured(a) ? AmongThoseOf(x, y) : y,
                NameOf,
                package => package.Version)),
        ];
    }

    private static bool IsCaptured(RunSide side) => side.Record.Image.Captured == true;

    private static IEnumerable<InstalledPackage> AmongThoseOf(IReadOnlyList<InstalledPackage> used, IReadOnlyList<InstalledPackage> installed)
    {
        var names = used.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        return installed.Where(package => names.Contains(NameOf(package)));
    }

    private static string NameOf(InstalledPackage package) => $"{package.Manager} {package.Name}";

    /// <summary>Without what only stood there, where that was seen.</summary>
    private static IEnumerable<UsedFile> Seen(IEnumerable<UsedFile> used) => used.Where(file => file.Use != FileUse.Present);

    private static List<Difference> Job(RunRecord x, RunRecord y)
    {
        var (a, b) = (x.Invocation, y.Invocation);
        return
        [
            new("working folder", a.WorkingDirectory, b.WorkingDirectory),
            new("user", $"{a.User.Name} ({a.User.Uid}:{a.User.Gid})", $"{b.User.Name} ({b.User.Uid}:{b.User.Gid})"),
            new("home", a.User.Home, b.User.Home),
            new("umask", a.Umask, b.Umask),
            new("cpus", a.Affinity, b.Affinity),
            new("stdin", Describe(a.Stdin), Describe(b.Stdin)),
            new("network", a.Network, b.Network),
            new("hostname", a.Hostname, b.Hostname),
            new("root", x.Sandbox.Root, y.Sandbox.Root),
            .. SideBySide.ByName(
                a.Terminals ?? [],
                b.Terminals ?? [],
                terminal => $"terminal {terminal.Stream}",
                terminal => $"{terminal.Rows} rows of {terminal.Columns} columns"),
            .. SideBySide.ByName(a.Limits, b.Limits, limit => $"limit {limit.Name}", limit => $"{Limit(limit.Soft)} of {Limit(limit.Hard)}"),
        ];
    }

    /// <summary>Where the files are the same, it does not matter how they were packed and what the image is called.</summary>
    private static List<Difference> Image(RunImage a, RunImage b)
    {
        bool isOther = a.Tree != b.Tree;
        return
        [
            new("name", a.Reference, b.Reference, isOther),
            new("manifest", a.Manifest.ToString(), b.Manifest.ToString(), isOther),
            new("tree", a.Tree.ToString(), b.Tree.ToString()),
            new("platform", a.Platform.ToString(), b.Platform.ToString()),
        ];
    }

    private static List<Difference> Outcome(Outcome a, Outcome b) =>
    [
        new("ended", Ending(a), Ending(b)),
        new("stdout", Describe(a.Stdout), Describe(b.Stdout)),
        new("stderr", Describe(a.Stderr), Describe(b.Stderr), Counts: false),
        new("started", CanonicalTime(a.StartedAt), CanonicalTime(b.StartedAt), Counts: false),
        new("took", $"{a.WallMilliseconds} ms", $"{b.WallMilliseconds} ms", Counts: false),
        new("cpu", $"{a.UserCpuMilliseconds} + {a.SystemCpuMilliseconds} ms", $"{b.UserCpuMilliseconds} + {b.SystemCpuMilliseconds} ms", Counts: false),
        new("peak memory", $"{a.PeakMemoryBytes} bytes", $"{b.PeakMemoryBytes} bytes", Counts: false),
    ];

    private static List<Difference> Recording(RunRecord x, RunRecord y) =>
    [
        new("by", $"{x.Recorder.Name} {x.Recorder.Version}", $"{y.Recorder.Name} {y.Recorder.Version}", Counts: false),
        new("files observed by", x.Observation.Files, y.Observation.Files, Counts: false),
        .. SideBySide.ByName(x.Labels, y.Labels, label => $"label {label.Name}", label => label.Value, counts: false),
    ];

    /// <summary>Of secrets nothing but the digest is known, and that is enough to say whether they are the same.</summary>
    private static string ValueOf(EnvironmentVariable variable) => variable.Value ?? $"secret, sha256:{variable.ValueSha256}";

    private static string Describe(Mount mount) =>
        $"{mount.Kind}{(mount.Source is null ? "" : $" {mount.Source}")}, {(mount.ReadOnly ? "read-only" : "writable")}, {mount.Purpose}";

    private static string Describe(LoadedLibrary library) => string.Join(
        ", ", new[] { library.Role, library.Hwcaps, library.Sha256 is null ? null : $"sha256:{library.Sha256}" }.OfType<string>());

    private static string Describe(SourceTree source) =>
        $"{source.Commit ?? "no commit"}{(source.Dirty == true ? ", with changes that are not committed" : "")}";

    private static string Describe(UsedFile file) => Describe(file.Kind, file.Mode, file.Size, file.Target, file.Digest, file.NotHashed);

    private static string Describe(GeneratedFile file) => file.Change == FileChange.Deleted
        ? "deleted"
        : Describe(file.Kind, file.Mode ?? "", file.Size, file.Target, file.Digest, file.NotHashed);

    private static string Describe(FileKind kind, string mode, long size, string? target, DigestSet? digest, string? notHashed) => kind switch
    {
        FileKind.File => $"{(digest is null ? notHashed ?? "not hashed" : $"sha256:{digest.Sha256}")}, {size} bytes, {mode}",
        FileKind.Link => $"link to {target}",
        _ => $"{kind.ToString().ToLowerInvariant()}, {mode}",
    };

    private static string Describe(StandardInput stdin) => stdin.Digest is null ? stdin.Kind : $"{stdin.Kind}, sha256:{stdin.Digest.Sha256}";

    private static string? Describe(StreamOutcome? stream) => stream is null ? null : $"sha256:{stream.Digest.Sha256}, {stream.Size} bytes";

    private static string Ending(Outcome outcome) => outcome.Signal is { } signal ? $"signal {signal}" : $"exit {outcome.ExitCode}";

    private static string Limit(long? limit) => limit?.ToString() ?? "unlimited";

    private static string CanonicalTime(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'");
}
