using Provenance.Archive.Compatibility;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Runtime.Analysis;
using Provenance.Runtime.Host;

namespace Provenance.Runtime.Recording;

/// <summary>A program of an image that nobody has run: what can be said beforehand of where it runs.</summary>
/// <remarks>
/// The same rules as for a recorded run, of what is in the files alone. No host is in it, so nothing is said of results; and what the program
/// starts or opens by itself is not known.
/// </remarks>
public sealed class UnrecordedRun
{
    /// <summary>Why nothing is known of a program for another architecture.</summary>
    private const string OnlySome = "only programs for x86-64 and arm64 are analysed";

    private readonly RunRecord _run;

    private UnrecordedRun(string program, RunRecord run) => (Program, _run) = (program, run);

    /// <summary>The program that was looked at: a path in the image, or the name that was asked for where it is for another architecture.</summary>
    public string Program { get; }

    /// <param name="image">Unpacked.</param>
    /// <param name="rootfs">Where; an absolute path on the host.</param>
    /// <param name="command">The program and its arguments; null for the image's own.</param>
    /// <param name="layout">Of the archive, in whose cache the results are kept.</param>
    /// <param name="clock">Measures nothing here: there is no bound.</param>
    /// <exception cref="RuntimeException">There is no such program.</exception>
    public static UnrecordedRun Of(StoredImage image, string rootfs, IReadOnlyList<string>? command, StoreLayout layout, TimeProvider clock)
    {
        string? named = command is [var first, ..] ? first : null;
        if (!ImageRequirements.Knows(image.Platform.Architecture))
        {
            string program = named ?? image.Config.Entrypoint.Concat(image.Config.Cmd).FirstOrDefault() ?? "the image";
            return new UnrecordedRun(program, RecordOf(image, Nothing(program)));
        }

        var (path, requirements, gpuCode) = ImageRequirements.FindAll(image, rootfs, named, layout, clock, CancellationToken.None);
        return new UnrecordedRun(path, RecordOf(image, requirements) with { GpuCode = gpuCode });
    }

    /// <summary>The same of the image's own program, as its record says: nothing is analysed, and the image need not be unpacked.</summary>
    /// <param name="image">In the archive.</param>
    /// <param name="record">Its record.</param>
    /// <returns>Null when the record does not say.</returns>
    public static UnrecordedRun? OfRecord(StoredImage image, ImageRecord record) => record is { Program: { } program, Requirements: { } requirements }
        ? new UnrecordedRun(program, RecordOf(image, requirements) with { GpuCode = record.GpuCode })
        : null;

    /// <param name="host">Null for this machine.</param>
    /// <param name="strict">A warning refuses too.</param>
    /// <returns>Of its answers only <see cref="Assessment.Runs"/> means anything.</returns>
    public Assessment Check(HostProfile? host, bool strict)
    {
        var here = host ?? HostProbe.Read();
        var assessment = Assessor.Assess(_run, here);
        // A run's record has the processor that it was seen to run on; without one, what was not looked at may ask for anything.
        if (_run.Requirements is { NotAnalysed: [var unread, ..] all } && assessment.Verdict != Verdict.Refuse)
        {
            assessment = Assessor.With(assessment, new Finding
            {
                Rule = "CPU-12",
                Verdict = Verdict.Warn,
                Message = $"{all.Count} of the program's files were not analysed ({unread.Path}: {unread.Reason}); what they ask for is not known",
                Evidence = [.. all.Select(one => one.Path)],
                Remedy = "record a run of it where it works: 'prov check' of that run knows what it used",
                CanForce = true,
            });
        }

        assessment = assessment with { SameResults = assessment.Runs == Answer.No ? Answer.No : Answer.Unknown };
        return strict ? Assessor.Strict(assessment) : assessment;
    }

    /// <summary>Of a name behind which no image is for a host.</summary>
    public static Assessment NoVariant(string reason) => new()
    {
        Verdict = Verdict.Refuse,
        Runs = Answer.No,
        SameResults = Answer.No,
        Findings =
        [
            new Finding
            {
                Rule = "IMG-3",
                Verdict = Verdict.Refuse,
                Message = reason,
                Evidence = [],
                Remedy = "take a machine that one of its images is for, or import one for this machine under the same name",
                CanForce = false,
            },
        ],
    };

    private static Requirements Nothing(string program) => new()
    {
        Analysis = RequirementsAnalyser.Version,
        Files = 0,
        CodeBytes = 0,
        Must = [],
        May = [],
        Start = [],
        MakesCode = [],
        Approximate = [],
        NotAnalysed = [new UnreadBinary { Path = program, Reason = OnlySome }],
    };

    private static RunRecord RecordOf(StoredImage image, Requirements requirements)
    {
        var none = new FileList { Count = 0, TotalBytes = 0 };
        return new RunRecord
        {
            Recorder = RecorderName.Current,
            Invocation = new Invocation
            {
                Argv = [],
                WorkingDirectory = "/",
                User = new RunUser { Uid = 0, Gid = 0, Name = "root", Home = "/" },
                Umask = "0022",
                Limits = [],
                Affinity = "",
                Stdin = new StandardInput { Kind = "null" },
                Network = "host",
                WritableRoot = false,
            },
            Image = new RunImage
            {
                Reference = image.Name ?? image.Manifest.Digest.Abbreviated,
                Manifest = image.Manifest.Digest,
                Tree = image.Tree,
                Record = image.Record ?? image.Manifest.Digest,
                Platform = image.Platform,
            },
            Environment = [.. image.Config.Env.Select(Variable)],
            Mounts = [],
            Sandbox = new SandboxReport { PidNamespace = true, Root = "read-only", Notes = [] },
            Hosts = [],
            Injected = [],
            Used = none,
            Requirements = requirements,
            Generated = none,
            Hazards = [],
            Outcome = new Outcome
            {
                StartedAt = DateTimeOffset.UnixEpoch,
                EndedAt = DateTimeOffset.UnixEpoch,
                WallMilliseconds = 0,
                UserCpuMilliseconds = 0,
                SystemCpuMilliseconds = 0,
                PeakMemoryBytes = 0,
            },
            Observation = new Observation { Files = "none", NotSeen = [] },
            Labels = [],
        };
    }

    private static EnvironmentVariable Variable(string entry)
    {
        int equals = entry.IndexOf('=', StringComparison.Ordinal);
        return equals < 0
            ? new EnvironmentVariable { Name = entry, Value = "" }
            : new EnvironmentVariable { Name = entry[..equals], Value = entry[(equals + 1)..] };
    }
}
