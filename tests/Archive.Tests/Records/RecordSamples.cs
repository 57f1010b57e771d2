using System.Security.Cryptography;
using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Tests.Records;

/// <summary>Records with every member filled, for tests of form.</summary>
internal static class RecordSamples
{
    public static readonly DateTimeOffset Start = new(2026, 11, 24, 4, 5, 6, 789, TimeSpan.Zero);

    public static Descriptor Blob(string content, string mediaType = MediaTypes.OctetStream)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        return new Descriptor
        {
            MediaType = mediaType,
            Digest = Digest.Of(bytes),
            Size = bytes.Length,
            Sha512 = Convert.ToHexStringLower(SHA512.HashData(bytes)),
        };
    }

    public static DigestSet DigestsOf(string content)
    {
        var blob = Blob(content);
        return new DigestSet
        {
            Sha256 = blob.Digest.Hex,
            Sha512 = blob.Sha512,
            Sha1 = new string('1', 40),
            Md5 = new string('5', 32),
        };
    }

    public static Statement<RunRecord> Run(RunRecord? predicate = null) => new()
    {
        Subject = [new Subject { Name = "/work/größe.csv", Digest = DigestsOf("result") }],
        PredicateType = StatementTypes.Run,
        Predicate = predicate ?? RunPredicate(),
    };

    public static Statement<ImageRecord> Image() => new()
    {
        Subject = [new Subject { Name = "image", Digest = DigestsOf("manifest") }],
        PredicateType = StatementTypes.Image,
        Predicate = new ImageRecord
        {
            Recorder = Recorder,
            Manifest = Blob("manifest", MediaTypes.ImageManifest),
            Index = Blob("index", MediaTypes.ImageIndex),
            Config = Blob("config", MediaTypes.ImageConfig),
            Layers = [new ImageLayer { Blob = Blob("layer", MediaTypes.LayerTarGzip), DiffId = Digest.Of("tar"u8) }],
            Tree = Blob("tree", MediaTypes.JsonLines),
            Entries = 2,
            UnpackedBytes = 12,
            Platform = Platform,
            Packing = "oci",
            Source = new ImageOrigin { Reference = "docker://registry.example.org/lab/tools:1", Digest = Digest.Of("index"u8), Names = ["lab/tools:1"] },
            Importer = new ImportUser { Uid = 1000, Gid = 1000, Name = "ada" },
            DeviceNodes = ["dev/null"],
            SetIdFiles = ["usr/bin/su"],
        },
    };

    public static Statement<EndorsementRecord> Endorsement() => EndorsementStatement.Of(new EndorsementRecord
    {
        Recorder = Recorder,
        Kind = RecordKind.Run,
        Record = LeafBlob.Of("run"u8),
        Certificate = Digest.Of("certificate"u8),
        Comment = "replayed here",
    });

    public static Statement<CitationRecord> Citation() => CitationStatement.Of(new CitationRecord
    {
        Recorder = Recorder,
        Run = LeafBlob.Of("run"u8),
        Certificate = Digest.Of("certificate"u8),
        Doi = Doi.Parse("10.1234/example.7"),
        Title = "Sines, fitted",
        Figures = [new CitedFigure { Label = "Fig. 3", Path = "/work/größe.csv", Digest = DigestsOf("result") }],
    });

    public static Statement<RotationRecord> Rotation() => RotationStatement.Of(
        new RotationRecord { Recorder = Recorder, Old = LeafBlob.Of("old"u8), New = LeafBlob.Of("new"u8) });

    public static Statement<RevocationRecord> Revocation() => RevocationStatement.Of(
        new RevocationRecord { Recorder = Recorder, List = LeafBlob.Of("list"u8).ToDescriptor(MediaTypes.RevocationList), Issuer = Digest.Of("issuer"u8).Hex });

    public static Statement<TombstoneRecord> Tombstone() => TombstoneStatement.Of(new TombstoneRecord
    {
        Recorder = Recorder,
        Kind = RecordKind.Run,
        Record = LeafBlob.Of("run"u8),
        Certificate = Digest.Of("certificate"u8),
        Reason = "has names of patients",
    });

    public static Statement<ReplayRecord> Replay() => new()
    {
        Subject = [new Subject { Name = "run", Digest = DigestsOf("run") }],
        PredicateType = StatementTypes.Replay,
        Predicate = new ReplayRecord
        {
            Recorder = Recorder,
            Run = Digest.Of("run"u8),
            Assessment = Assessment,
            Host = Host(),
            Forced = ["CPU-2"],
            Relocated = [new Relocation { Path = "/data", Source = "archive", Digest = DigestsOf("data") }],
            Comparison = [Compared],
            Verdict = ReplayVerdict.Differs,
            Reason = "one output differs",
            Pinning = Pinning,
            Outcome = Outcome,
            Sandbox = Sandbox,
            Chain = new ReplayChain { Run = Digest.Of("figure"u8), Step = 2, Steps = 3 },
            Tolerance = new ComparisonTolerance { Relative = "1e-9", Absolute = "0" },
            Ignored = ["*.log"],
            Accepted = ComparisonResult.WithinTolerance,
            Agreement = ComparisonResult.Differs,
            Purpose = ReplayPurpose.Replication,
            NoiseFloor = Digest.Of("second run"u8),
            NoiseAccepted = true,
            Explanation = new ReplayExplanation
            {
                Trials =
                [
                    new ReplayTrial
                    {
                        Name = "one thread",
                        Settings = ["OMP_NUM_THREADS=1"],
                        Outputs = [new TrialOutput { Name = "/work/a.csv", Result = ComparisonResult.Identical, Repeats = true }],
                        Failure = "text",
                    },
                ],
                Conclusions = ["/work/a.csv: depends on the number of threads"],
            },
        },
    };

    public static HostProfile Host() => new()
    {
        Schema = HostProfile.SchemaV1,
        Hostname = "node1",
        Cpu = Cpu,
        Memory = new MemoryProfile
        {
            TotalBytes = 8L << 30,
            PageBytes = 4096,
            HugePages = [new HugePages { PageBytes = 2 << 20, Count = 0 }],
            TransparentHugePages = "madvise",
        },
        Kernel = new KernelProfile { Release = "6.1.0", Version = "#1 SMP", CpuOptions = ["clearcpuid=avx512f"], Handlers = [Handler] },
        OperatingSystem = new OperatingSystemProfile
        {
            Id = "debian",
            VersionId = "12",
            PrettyName = "Debian GNU/Linux 12",
            Libc = "glibc",
            LibcVersion = "2.36",
        },
        Numa = [new NumaNode { Node = 0, Cpus = "0-1", MemoryBytes = 8L << 30 }],
        Gpus = [Gpu],
        Hypervisor = "KVMKVMKVM",
        Emulated = false,
        ContainerRuntime = "podman",
        Scheduler = Scheduler,
        Ranks = 4,
        Fabrics = ["mlx5_core"],
        Modules = ["gcc/12.2"],
    };

    private static CpuProfile Cpu => new()
    {
        Architecture = "amd64",
        Level = "v3",
        Microarchitecture = "zen2",
        Vendor = "AuthenticAMD",
        Brand = "AMD EPYC",
        Family = 23,
        Model = 49,
        Stepping = 0,
        Microcode = "0x8301055",
        Features = ["avx", "avx2"],
        FeaturesDisabled = [],
        Xcr0 = "0x7",
        Cpuid = ["0 0 b 756e6547 6c65746e 49656e69"],
        Hwcaps = ["0x1"],
        SveVectorBytes = 32,
        Caches = [new CpuCache { Level = 1, Type = "data", SizeBytes = 32768 }],
        Sockets = 1,
        Cores = 2,
        Threads = 2,
        Hybrid = false,
    };

    private static GpuProfile Gpu => new()
    {
        Vendor = "nvidia",
        Model = "H100",
        PciAddress = "0000:01:00.0",
        PciId = "10de:2330",
        DriverVersion = "550.54",
        MemoryBytes = 80L << 30,
    };

    private static ProgramHandler Handler => new()
    {
        Name = "qemu-aarch64",
        Interpreter = "/usr/bin/qemu-aarch64-static",
        Architectures = ["arm64"],
    };

    private static SchedulerProfile Scheduler => new()
    {
        Kind = "slurm",
        JobId = "17",
        StepId = "0",
        Cluster = "c",
        Partition = "p",
        NodeList = "node1",
        NodeCount = 1,
        TaskCount = 2,
        TaskRank = 0,
    };

    public static RunRecord RunPredicate() => new()
    {
        Recorder = Recorder,
        Invocation = Invocation,
        Image = new RunImage
        {
            Reference = "debian-sci",
            Manifest = Digest.Of("manifest"u8),
            Tree = Digest.Of("tree"u8),
            Record = Digest.Of("image record"u8),
            Platform = Platform,
            Choice = new ImageChoice
            {
                Index = Digest.Of("index"u8),
                Offered = [new Platform { Os = "linux", Architecture = "amd64", Variant = "v2" }, new Platform { Os = "linux", Architecture = "amd64", Variant = "v3" }],
                For = new Platform { Os = "linux", Architecture = "amd64", Variant = "v4" },
                Asked = true,
            },
            Captured = true,
            Packages = new LineList { Count = 1, Blob = Blob("packages", MediaTypes.JsonLines) },
        },
        Environment =
        [
            SecretNames.Describe("API_TOKEN", "hush"),
            SecretNames.Describe("LANG", "C.UTF-8"),
        ],
        Mounts =
        [
            new Mount
            {
                Kind = "bind",
                Source = "/home/a",
                Destination = "/work",
                ReadOnly = false,
                Purpose = "working-folder",
                IsFile = false,
            },
        ],
        Sandbox = Sandbox,
        Hosts = [Host()],
        Injected = [Injected],
        Injection = Injection,
        Used = new FileList { Count = 1, TotalBytes = 5, Blob = Blob("used", MediaTypes.JsonLines) },
        Pinning = Pinning,
        Generated = new FileList { Count = 1, TotalBytes = 6, Blob = Blob("generated", MediaTypes.JsonLines) },
        Sought = new LineList { Count = 1, Blob = Blob("sought", MediaTypes.JsonLines) },
        Executed = new LineList { Count = 1, Blob = Blob("executed", MediaTypes.JsonLines) },
        KernelCalls = [new KernelCall { Name = "openat2", Since = "5.6" }],
        Network = new NetworkUse { Peers = [Peer], Names = ["data.example"] },
        Sources = [Source],
        Libraries = [Library],
        Requirements = Requirements,
        GpuCode =
        [
            new GpuCode
            {
                Path = "/bin/solve",
                Images = [new GpuImages { Count = 2, Cubins = ["sm_80", "sm_90a"], Ptx = [new PtxCode { Target = "sm_90", Version = "8.4" }] }],
                Problem = "has more than 1000000 pieces of GPU code",
            },
        ],
        Hazards =
        [
            new Hazard
            {
                Id = "network",
                Message = "the job could reach the network",
                Evidence = ["192.0.2.7:443 tcp (data.example)"],
                Remedy = "fetch before the run",
            },
        ],
        Outcome = Outcome,
        Observation = new Observation { Files = "calls", NotSeen = ["files that were looked at and not opened"] },
        Labels = [new Label { Name = "paper", Value = "fig 3" }],
        ReplayOf = Digest.Of("another run"u8),
    };

    private static NetworkPeer Peer => new()
    {
        Family = "ipv4",
        Protocol = "tcp",
        Address = "192.0.2.7",
        Port = 443,
        Bound = false,
        Count = 2,
        Name = "data.example",
    };

    private static SourceTree Source => new()
    {
        Path = "/home/a",
        Commit = new string('c', 40),
        Branch = "main",
        Dirty = true,
        Changed = ["fit.py"],
        Remote = "https://git.example/a.git",
    };

    private static Requirements Requirements => new()
    {
        Analysis = 1,
        Files = 3,
        CodeBytes = 1_500_000,
        Must =
        [
            new InstructionUse
            {
                Path = "/usr/lib/libfit.so",
                Features = ["avx", "fma"],
                Function = "dot",
                Address = "0x1120",
                Instruction = "vfmadd231pd ymm0,ymm1,[rsi]",
                How = "export",
                Strong = true,
            },
        ],
        May = [new FeatureChoice { Path = "/lib/libm.so.6", Features = ["avx2", "fma"], How = "ifunc" }],
        Start = [new StartDemand { Path = "/usr/lib/libfit.so", Kind = "isa-note", Needs = "v3", Seen = true, By = "/lib64/ld-linux-x86-64.so.2" }],
        MakesCode = [new CodeMaker { Path = "/usr/lib/libffi.so.8", AsksProcessor = false }],
        Approximate = [new ApproximateCode { Path = "/usr/lib/libfit.so", Count = 4 }],
        NotAnalysed = [new UnreadBinary { Path = "libcuda.so.1", Reason = "not found; '/work/fit' asks for it" }],
        MayLoadMore = ["/work/fit"],
    };

    private static LoadedLibrary Library => new()
    {
        Path = "/usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3",
        Named = "/usr/lib/x86_64-linux-gnu/libblas.so.3",
        Role = "blas",
        Hwcaps = "x86-64-v3",
        Sha256 = DigestsOf("blas").Sha256,
    };

    private static Recorder Recorder => new() { Name = "prov", Version = "0.1.0" };

    private static Platform Platform => new() { Os = "linux", Architecture = "amd64", Variant = "v3" };

    private static SandboxReport Sandbox => new() { PidNamespace = true, Root = "read-only", Notes = ["no overlay here"] };

    private static Invocation Invocation => new()
    {
        Argv = ["python3", "fit.py"],
        WorkingDirectory = "/work",
        User = new RunUser { Uid = 1000, Gid = 1000, Name = "a", Home = "/home/a" },
        Umask = "0022",
        Limits = [new ResourceLimit { Name = "nofile", Soft = 1024, Hard = 4096 }],
        Affinity = "0-1",
        Stdin = new StandardInput
        {
            Kind = "file",
            Path = "/work/in",
            Offset = 0,
            Digest = DigestsOf("in"),
            Size = 2,
            Kept = Blob("in"),
        },
        Terminals = [new JobTerminal { Stream = "stdout", Rows = 24, Columns = 80 }],
        Network = "none",
        Hostname = "box",
        WritableRoot = false,
    };

    private static InjectedFile Injected => new()
    {
        HostPath = "/usr/lib/libcuda.so.1",
        ContainerPath = "/usr/lib/libcuda.so.1",
        Digest = DigestsOf("cuda"),
        Size = 4,
        Soname = "libcuda.so.1",
        BuildId = "abcd",
        VersionsProvided = [],
        VersionsNeeded = ["libc.so.6:GLIBC_2.2.5"],
        Reason = "gpu",
        Needed = ["libc.so.6"],
        SymbolsUsed = ["cuInit"],
        Replaces = new ReplacedFile { Path = "/usr/lib/libcuda.so.1.1", Soname = "libcuda.so.1", BuildId = "dcba" },
        DriverVersion = "535.104.05",
    };

    private static RunInjection Injection => new()
    {
        Options = new InjectionOptions
        {
            Files = [new InjectedSource { Source = "/opt/libone.so.1", Destination = "/usr/lib/libone.so.1" }],
            Mpi = "host",
            Devices = ["example.org/disk=one"],
            CdiFolders = ["/etc/cdi"],
            Gpu = true,
            DriverRoot = "/run/nvidia/driver",
        },
        Places =
        [
            new InjectedPlace { Kind = "device", HostPath = "/dev/nvidia0", ContainerPath = "/dev/nvidia0", ReadOnly = false, Reason = "gpu" },
            new InjectedPlace { Kind = "link", ContainerPath = "/run/prov/lib/libcuda.so", Target = "libcuda.so.1", ReadOnly = true, Reason = "gpu" },
        ],
        Variables = ["LD_LIBRARY_PATH"],
        ImageVersions = ["libc.so.6:GLIBC_2.2.5"],
        Findings = [new Finding { Rule = "INJ-6", Verdict = Verdict.Warn, Message = "nothing asks for it", Evidence = ["libone.so.1"], CanForce = true }],
        Forced = [],
    };

    private static CpuPin Pinning => new()
    {
        Target = "recorded",
        Mode = "cpuid",
        Cpu = "Intel Core i7 9xx (nehalem)",
        Hidden = ["avx", "avx2"],
        Variables = ["OMP_NUM_THREADS=2"],
        CpuidInstructions = 65,
        CpuidAnswers = 120,
        NotPinned = ["programs that read caches and processors in /sys"],
    };

    private static Outcome Outcome => new()
    {
        ExitCode = 0,
        Signal = 9,
        StartedAt = Start,
        EndedAt = Start.AddSeconds(1),
        WallMilliseconds = 1000,
        UserCpuMilliseconds = 900,
        SystemCpuMilliseconds = 50,
        PeakMemoryBytes = 1 << 20,
        IllegalInstruction = new IllegalInstruction
        {
            Program = "/bin/solver",
            Address = "0x401136",
            File = "/bin/solver",
            FileOffset = "0x1136",
            Function = "dot",
            Bytes = "62f16c4858c1",
            Instruction = "vaddps zmm0, zmm2, zmm1",
            Needed = ["avx512f"],
            Missing = ["avx512f"],
        },
        Stdout = Stream("out"),
        Stderr = Stream("err"),
    };

    private static StreamOutcome Stream(string content) => new()
    {
        Size = content.Length,
        Digest = DigestsOf(content),
        Kept = Blob(content, MediaTypes.PlainText),
        Truncated = false,
    };

    private static Assessment Assessment => new()
    {
        Verdict = Verdict.Warn,
        Runs = Answer.Yes,
        SameResults = Answer.Unknown,
        Findings =
        [
            new Finding
            {
                Rule = "CPU-2",
                Verdict = Verdict.Warn,
                Message = "another CPU",
                Evidence = ["avx512f"],
                Remedy = "pin the CPU",
                CanForce = true,
            },
        ],
        Probe = new CpuProbe
        {
            Result = CpuProbeResult.Ended,
            Reason = "it does not show whether numbers are wrong",
            Emulator = "7.2.22",
            Cpu = "max,vendor=GenuineIntel,-avx2",
            NotEmulated = ["avx512f"],
            LimitSeconds = 60,
            WallMilliseconds = 1500,
            ExitCode = 0,
            Signal = 4,
            Illegal = Outcome.IllegalInstruction,
        },
    };

    private static ComparedOutput Compared => new()
    {
        Name = "/work/a.csv",
        Result = ComparisonResult.Differs,
        Decides = true,
        Original = DigestsOf("then"),
        Replayed = DigestsOf("now"),
        FirstDifference = new FirstDifference { Offset = 3, Line = 1, Original = "then", Replayed = "now" },
        Kind = "csv",
        Normalised = ["text layout"],
        Worst = Worst,
        Ignored = "*.csv",
        Noise = new OutputNoise { Result = ComparisonResult.Differs, Worst = Worst, Covers = true },
        Note = "text",
    };

    private static WorstDifference Worst => new()
    {
        Absolute = "0.5",
        Relative = "0.25",
        Where = "line 1, column 1",
        Original = "1.5",
        Replayed = "2",
    };
}
