using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Million;

/// <summary>Makes runs: each belongs to a project, which has a while of its own, people, machines and data; often it reads what an earlier run of it made.</summary>
internal sealed class RunMaker(int count, IReadOnlyList<MadeImage> images)
{
    private const int Back = 3000;
    private const double SecondsAMonth = 30.4 * 86_400;

    private static readonly Content Done = Content.Of("done: 0 warnings, 1 table of results and 1 log were written\n");
    private static readonly DigestSet Interpreter = Content.Of("interpreter").Digests;

    private readonly HostProfile[] _hosts = World.MakeHosts();
    private readonly DigestSet[] _references = [.. Enumerable.Range(0, World.References).Select(number => Content.Of($"reference {number}").Digests)];
    private readonly double _step = (World.Last - World.First).TotalSeconds / count;

    /// <summary>Which person signs a run.</summary>
    public static int PersonOf(int number) => PersonOfProject(ProjectOf(number), new Dice(number * 31L));

    /// <summary>Neighbours in time are of few projects: those that are at work then.</summary>
    public static int ProjectOf(int number)
    {
        var dice = new Dice(number * 17L);
        int slot = number / Back * 13;
        return (int)((slot + (uint)dice.Skewed(60)) % World.Projects);
    }

    public (RunRecord Run, IReadOnlyList<Content> Lists, IReadOnlyList<Content> Files) Make(int number)
    {
        var dice = new Dice(number);
        int project = ProjectOf(number);
        var ended = EndOf(number, ref dice);
        var took = TimeSpan.FromSeconds(Math.Exp(dice.Fraction() * 11));
        var result = Result(number);
        var printed = dice.Chance(0.3) ? Done : Content.Of($"run {number} of {World.Project(project)}: residual {dice.Fraction():0.000000000}\n");
        var used = Content.Of(RecordLines.Serialize(Used(number, project, ref dice)));
        var generated = Content.Of(RecordLines.Serialize([Generated($"/work/{World.Project(project)}/results/{Step(number)}.csv", result)]));
        int tool = dice.Skewed(World.Tools.Length);
        bool fails = dice.Chance(0.04);
        var run = new RunRecord
        {
            Recorder = World.Recorder,
            Invocation = InvocationOf(number, project, tool, ref dice),
            Image = ImageOf(images[dice.Chance(0.8) ? project % images.Count : dice.Skewed(images.Count)]),
            Environment = [new EnvironmentVariable { Name = "LANG", Value = "C.UTF-8" }, new EnvironmentVariable { Name = "OMP_NUM_THREADS", Value = "8" }],
            Mounts =
            [
                new Mount { Kind = "bind", Source = $"/home/u{PersonOf(number)}", Destination = "/work", ReadOnly = false, Purpose = "working-folder", IsFile = false },
            ],
            Sandbox = new SandboxReport { PidNamespace = true, Root = "read-only", Notes = [] },
            Hosts = [_hosts[dice.Chance(0.7) ? (project * 3 % World.Hosts) : dice.Skewed(World.Hosts)]],
            Injected = [],
            Used = ListOf(used, 4, 1 << 20),
            Generated = ListOf(generated, 1, result.Bytes.Length),
            Hazards = dice.Chance(0.3) ? [Hazard] : [],
            Outcome = new Outcome
            {
                ExitCode = fails ? 1 : 0,
                StartedAt = ended - took,
                EndedAt = ended,
                WallMilliseconds = (long)took.TotalMilliseconds,
                UserCpuMilliseconds = (long)took.TotalMilliseconds * 7,
                SystemCpuMilliseconds = (long)took.TotalMilliseconds / 20,
                PeakMemoryBytes = 1L << (24 + dice.Below(12)),
                Stdout = new StreamOutcome
                {
                    Size = printed.Bytes.Length,
                    Digest = printed.Digests,
                    Kept = printed.ToDescriptor(MediaTypes.PlainText),
                    Truncated = false,
                },
            },
            Observation = new Observation { Files = "calls", NotSeen = [] },
            Labels = dice.Chance(0.5)
                ? [new Label { Name = "project", Value = World.Project(project) }, new Label { Name = "sweep", Value = $"{dice.Below(40)}" }]
                : [],
            Executed = null,
            Network = dice.Chance(0.02) ? Network(dice.Below(30)) : null,
            Sources = dice.Chance(0.4) ? [SourceOf(project, number)] : null,
        };
        return (run, [used, generated], [result, printed]);
    }

    private static Hazard Hazard => new()
    {
        Id = "threads",
        Message = "the number of threads decides in which order sums are made",
        Evidence = ["OMP_NUM_THREADS=8", "libopenblas.so.0"],
        Remedy = "set OMP_NUM_THREADS=1",
    };

    public static Content Result(int number) => Content.Of(
        $"step,value,error\n0,{new Dice(number * 5L).Fraction():0.0000000},0.01\n1,{new Dice(number * 7L).Fraction():0.0000000},0.02\n# run {number}\n");

    public static string ResultPath(int number) => $"/work/{World.Project(ProjectOf(number))}/results/{Step(number)}.csv";

    private static string Step(int number) => (number % 5) switch { 0 => "prepared", 1 => "fit", 2 => "sweep", 3 => "summary", _ => "figure" };

    private static int PersonOfProject(int project, Dice dice) => dice.Chance(0.7) ? project * 11 % World.People : dice.Skewed(World.People);

    /// <summary>The log has runs in the order in which they ended, but for three of a hundred, which were imported later.</summary>
    private DateTimeOffset EndOf(int number, ref Dice dice)
    {
        double seconds = (number * _step) + (dice.Fraction() * _step);
        double late = dice.Chance(0.03) ? dice.Fraction() * SecondsAMonth * 10 : 0;
        return World.First.AddMilliseconds(Math.Floor(Math.Max(0, seconds - late) * 1000));
    }

    private IEnumerable<UsedFile> Used(int number, int project, ref Dice dice)
    {
        var files = new List<UsedFile>
        {
            File("/usr/bin/python3.11", 6_800_000, Interpreter, FileUse.Executed, FileClass.Image),
            File($"/refs/reference-{dice.Skewed(World.References):00}.fa", 3_000_000, _references[dice.Skewed(World.References)], FileUse.Read, FileClass.Input),
            File($"/work/{World.Project(project)}/data/part-{dice.Below(20):00}.csv", 40_000, Content.Of($"data {project} {dice.Below(20)}").Digests, FileUse.Read, FileClass.Input),
        };
        if (Earlier(number, project, ref dice) is { } earlier)
        {
            var made = Result(earlier);
            files.Add(File(ResultPath(earlier), made.Bytes.Length, made.Digests, FileUse.Read, FileClass.Input));
        }

        return files.DistinctBy(file => file.Path);
    }

    /// <summary>A run of the same project before this one, whose result it reads.</summary>
    private static int? Earlier(int number, int project, ref Dice dice)
    {
        int from = number / Back * Back;
        for (int i = 0; i < 40 && number > from; i++)
        {
            int candidate = from + dice.Below(number - from);
            if (ProjectOf(candidate) == project)
            {
                return candidate;
            }
        }

        return null;
    }

    private static UsedFile File(string path, long size, DigestSet digest, FileUse use, FileClass where) => new()
    {
        Path = path,
        Kind = FileKind.File,
        Mode = "0644",
        Size = size,
        Digest = digest,
        Kept = false,
        Use = use,
        Class = where,
    };

    private static GeneratedFile Generated(string path, Content content) => new()
    {
        Path = path,
        Kind = FileKind.File,
        Change = FileChange.Created,
        Mode = "0644",
        Size = content.Bytes.Length,
        Digest = content.Digests,
        Kept = true,
        Class = FileClass.Output,
    };

    private static FileList ListOf(Content list, int files, long bytes) =>
        new() { Count = files, TotalBytes = bytes, Blob = list.ToDescriptor(MediaTypes.JsonLines) };

    private static Invocation InvocationOf(int number, int project, int tool, ref Dice dice) => new()
    {
        Argv =
        [
            .. World.Tools[tool].Split(' '), "--input", $"/work/{World.Project(project)}/data", "--seed", $"{number * 7919L % 1_000_003}",
            "--steps", $"{100 * (1 + dice.Below(50))}", "--out", $"results/{Step(number)}.csv",
        ],
        WorkingDirectory = $"/work/{World.Project(project)}",
        User = new RunUser { Uid = 1000 + PersonOf(number), Gid = 1000, Name = $"u{PersonOf(number)}", Home = $"/home/u{PersonOf(number)}" },
        Umask = "0022",
        Limits = [new ResourceLimit { Name = "nofile", Soft = 1024, Hard = 4096 }],
        Affinity = "0-127",
        Stdin = new StandardInput { Kind = "null" },
        Network = "none",
        WritableRoot = false,
    };

    private static RunImage ImageOf(MadeImage image) => new()
    {
        Reference = image.Name,
        Manifest = image.Image.Manifest.Digest,
        Tree = image.Image.Tree,
        Record = image.Record,
        Platform = World.Platform,
    };

    private static NetworkUse Network(int site) => new()
    {
        Peers =
        [
            new NetworkPeer { Family = "ipv4", Protocol = "tcp", Address = $"192.0.2.{site}", Port = 443, Bound = false, Count = 2, Name = $"data{site}.example" },
        ],
        Names = [$"data{site}.example"],
    };

    private static SourceTree SourceOf(int project, int number) => new()
    {
        Path = $"/home/{World.Project(project)}",
        Commit = new Dice((project * 1000L) + (number / 500)).Hex(40),
        Branch = "main",
        Dirty = false,
        Remote = $"https://git.example/{World.Project(project)}.git",
    };
}
