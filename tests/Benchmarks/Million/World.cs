using Provenance.Archive.Images;
using Provenance.Archive.Records;

namespace Provenance.Million;

/// <summary>What runs have in common: machines, projects, reference data. Some are in many runs and most in few.</summary>
internal static class World
{
    public const int Hosts = 400, Processors = 12, People = 300, Images = 300, Projects = 4000, References = 60;

    /// <summary>Over these years the runs are spread.</summary>
    public static readonly DateTimeOffset First = new(2021, 1, 1, 0, 0, 0, TimeSpan.Zero), Last = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly Recorder Recorder = new() { Name = "prov", Version = "0.1.0" };

    public static readonly string[] Fields =
    [
        "genome", "climate", "lattice", "protein", "galaxy", "plasma", "traffic", "epidemic", "turbulence", "neuron", "seismic", "market", "soil", "glacier",
        "crystal", "enzyme",
    ];

    public static readonly string[] Tools =
    [
        "python3 fit.py", "samtools sort", "bcftools call", "Rscript model.R", "lmp -in melt.in", "gmx mdrun", "julia solve.jl", "octave-cli sweep.m",
        "bwa mem", "cdo remapbil", "mpirun solver", "./simulate", "snakemake", "make figures", "ffmpeg -i scan.mkv", "gdalwarp",
    ];

    /// <summary>archspec's name, level, family, model, and features beyond those that all have.</summary>
    private static readonly (string Name, string Level, string Vendor, int Family, int Model, string Features)[] Kinds =
    [
        ("haswell", "v3", "GenuineIntel", 6, 63, "avx avx2 bmi1 bmi2 fma movbe f16c"),
        ("broadwell", "v3", "GenuineIntel", 6, 79, "avx avx2 bmi1 bmi2 fma movbe f16c adx rdseed"),
        ("skylake_avx512", "v4", "GenuineIntel", 6, 85, "avx avx2 avx512f avx512bw avx512cd avx512dq avx512vl bmi1 bmi2 fma movbe f16c adx rdseed"),
        ("cascadelake", "v4", "GenuineIntel", 6, 85, "avx avx2 avx512f avx512bw avx512cd avx512dq avx512vl avx512_vnni bmi1 bmi2 fma movbe f16c adx rdseed"),
        ("icelake", "v4", "GenuineIntel", 6, 106, "avx avx2 avx512f avx512bw avx512cd avx512dq avx512vl avx512_vnni avx512_vbmi bmi1 bmi2 fma movbe sha_ni"),
        ("sapphirerapids", "v4", "GenuineIntel", 6, 143, "amx_bf16 amx_int8 amx_tile avx avx2 avx512f avx512bw avx512cd avx512dq avx512vl bmi1 bmi2 fma movbe"),
        ("zen", "v3", "AuthenticAMD", 23, 1, "avx avx2 bmi1 bmi2 fma movbe f16c sha_ni clzero"),
        ("zen2", "v3", "AuthenticAMD", 23, 49, "avx avx2 bmi1 bmi2 fma movbe f16c sha_ni clzero clwb"),
        ("zen3", "v3", "AuthenticAMD", 25, 1, "avx avx2 bmi1 bmi2 fma movbe f16c sha_ni clzero clwb vaes"),
        ("zen4", "v4", "AuthenticAMD", 25, 17, "avx avx2 avx512f avx512bw avx512cd avx512dq avx512vl bmi1 bmi2 fma movbe f16c sha_ni clzero clwb vaes"),
        ("zen5", "v4", "AuthenticAMD", 26, 2, "avx avx2 avx512f avx512bw avx512cd avx512dq avx512vl avx_vnni bmi1 bmi2 fma movbe f16c sha_ni clzero vaes"),
        ("nehalem", "v2", "GenuineIntel", 6, 26, "dca xtpr"),
    ];

    private const string Common = "apic clflush cmov cx16 cx8 de fpu fxsr ht lahf_lm lm mca mce mmx msr mtrr nx pae pat pclmulqdq pge popcnt pse pse36 rdtscp sep "
        + "sse sse2 sse4_1 sse4_2 ssse3 syscall tsc vme x2apic";

    public static HostProfile[] MakeHosts() => [.. Enumerable.Range(0, Hosts).Select(MakeHost)];

    public static Platform Platform { get; } = new() { Os = "linux", Architecture = "amd64", Variant = "v2" };

    public static string ImageName(int number) => $"lab/{Fields[number % Fields.Length]}-tools-{number / Fields.Length}:{2021 + (number % 6)}.{number % 12}";

    public static string Project(int number) => $"{Fields[number % Fields.Length]}-{number:0000}";

    /// <summary>A paper has from one to six runs of its project.</summary>
    public static string DoiOf(int project, int paper) => $"10.{5000 + (project % 40)}/{Project(project)}.{paper}";

    private static HostProfile MakeHost(int number)
    {
        var kind = Kinds[number * 7 % Processors];
        return new HostProfile
        {
            Schema = HostProfile.SchemaV1,
            Hostname = $"node{number:000}.cluster{number % 5}.example",
            Cpu = new CpuProfile
            {
                Architecture = "amd64",
                Level = kind.Level,
                Microarchitecture = kind.Name,
                Vendor = kind.Vendor,
                Brand = $"{(kind.Vendor == "GenuineIntel" ? "Intel(R) Xeon(R)" : "AMD EPYC")} {kind.Name} {32 + kind.Model}-Core Processor",
                Family = kind.Family,
                Model = kind.Model,
                Stepping = 1,
                Microcode = "0x2b000590",
                Features = [.. $"{Common} {kind.Features}".Split(' ').Order(StringComparer.Ordinal)],
                FeaturesDisabled = [],
                Xcr0 = "0x7",
                Caches = [new CpuCache { Level = 1, Type = "data", SizeBytes = 32768 }, new CpuCache { Level = 2, Type = "unified", SizeBytes = 1 << 20 }],
                Sockets = 2,
                Cores = 64,
                Threads = 128,
                Hybrid = false,
            },
            Memory = new MemoryProfile { TotalBytes = 256L << 30, PageBytes = 4096, HugePages = [], TransparentHugePages = "madvise" },
            Kernel = new KernelProfile { Release = $"6.{1 + (number % 12)}.0-{number % 30}-amd64", Version = "#1 SMP PREEMPT_DYNAMIC", CpuOptions = [] },
            OperatingSystem = new OperatingSystemProfile
            {
                Id = "debian",
                VersionId = "12",
                PrettyName = "Debian GNU/Linux 12 (bookworm)",
                Libc = "glibc",
                LibcVersion = "2.36",
            },
            Numa = [new NumaNode { Node = 0, Cpus = "0-63", MemoryBytes = 128L << 30 }, new NumaNode { Node = 1, Cpus = "64-127", MemoryBytes = 128L << 30 }],
            Gpus = [],
            Emulated = false,
            Modules = [],
        };
    }
}
