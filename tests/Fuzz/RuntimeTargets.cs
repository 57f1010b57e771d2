using System.Diagnostics;
using System.Text;
using Provenance.Archive.Records;
using Provenance.Runtime;
using Provenance.Runtime.Analysis;
using Provenance.Runtime.Binaries;
using Provenance.Runtime.Comparison;
using Provenance.Runtime.Host;
using Provenance.Runtime.Injection.Cdi;
using Provenance.Runtime.Observing;
using Provenance.Runtime.Recording.Calls;

namespace Provenance.Fuzz;

/// <summary>Programs and their GPU code, device specifications, outputs that are compared, events, and what the machine says.</summary>
internal static class RuntimeTargets
{
    /// <summary>Of what is compared: the name says which reader it is for, where the first bytes leave it open.</summary>
    private static readonly string[] Names = ["a.txt", "a.csv", "a.json", "a.gz", "a.bam", "a.zip", "a.tar", "a.npy", "a.png", "a.h5", "a.pdf", "a.pyc"];

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("elf", static () => [SmallElf()], static input =>
        {
            ElfFile.Read(input);
            ElfFile.ReadSymbols(input);
        }, typeof(ElfFormatException)),
        new("elf-code", static () => [SmallElf()], static input =>
        {
            var code = new CodeObject(input);
            _ = code.ProcessorExports().Count();
            _ = new Reachability(code, new HashSet<string>(), isOnlyFor: false).Find();
        }, typeof(ElfFormatException)),
        new("gpu-code", static () => Fixtures("*.fatbin", "*.cubin", "*.ptx"), ReadGpuCode),
        new("cdi-yaml", static () => Fixtures("*.yaml"), static input => CdiReader.Parse(input, "x.yaml"), typeof(CdiException)),
        new("cdi-json", static () => Fixtures("*.json"), static input => CdiReader.Parse(input, "x.json"), typeof(CdiException)),
        new("comparison", static () => [], Compare),
        new("events", static () => [Events()], static input => EventReader.ReadAll(input), typeof(RuntimeException)),
        new("machine", SomeTexts, FuzzTarget.OneOf(
            static input => _ = LoaderCache.Parse(input).Names.Count(),
            static input => PeerAddress.Parse(input),
            static input => CpuInfo.Parse(Encoding.UTF8.GetString(input)),
            static input => CpuList.Parse(Encoding.UTF8.GetString(input)),
            static input => GitProgram.Parse(Encoding.UTF8.GetString(input)),
            static input => PythonLiteral.Parse(Encoding.UTF8.GetString(input))), typeof(RuntimeException)),
    ];

    /// <summary>An empty program's header, with one program header: real ones are too large to be tried often, and stand in the corpus cut down.</summary>
    private static byte[] SmallElf()
    {
        byte[] elf = new byte[0x78 + 16];
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(elf);
        elf[16] = 3; // ET_DYN
        elf[18] = 62; // EM_X86_64
        elf[20] = 1;
        elf[24] = 0x78; // e_entry
        elf[32] = 0x40; // e_phoff
        elf[52] = 0x40;
        elf[54] = 0x38;
        elf[56] = 1;
        elf[0x40] = 1; // PT_LOAD
        elf[0x44] = 5; // readable, executable
        elf[0x60] = elf[0x68] = (byte)elf.Length;
        elf.AsSpan(0x78).Fill(0x90);
        elf[^1] = 0xC3;
        return elf;
    }

    private static void ReadGpuCode(byte[] input)
    {
        var clock = Stopwatch.StartNew();
        FatBinary.Find(new ElfBytes(input), "x.so");
        BrokenPromiseException.ThrowUnless(clock.Elapsed < TimeSpan.FromSeconds(30), "took half a minute");
    }

    /// <summary>Whatever a file holds, there is a result, and it is the same file only when it is.</summary>
    private static void Compare(byte[] input)
    {
        if (input.Length < 2)
            return;

        string name = Names[input[0] % Names.Length];
        byte[] one = input[2..];
        // The other differs somewhere, or is cut off.
        byte[] other = [.. one];
        if (other.Length > 0)
            other[input[1] * other.Length / 256] ^= 1;

        var context = new ComparisonContext
        {
            Folder = Path.GetTempPath(),
            Tolerance = new NumberTolerance(1e-3, 0),
            Budget = new ExpansionBudget(16 << 20),
            ToolPath = "",
        };
        var result = ContentComparer.Compare(Content(name, one), Content(name, other), context).Result;
        BrokenPromiseException.ThrowUnless((result == ComparisonResult.Identical) == (one.Length == 0), $"'{name}' is {result}");
        context = context with { Budget = new ExpansionBudget(16 << 20) };
        ContentComparer.Compare(Content(name, other[..(other.Length / 2)]), Content(name, one), context);
    }

    private static ComparedContent Content(string name, byte[] bytes) => new(name, new MemoryStream(bytes));

    private static byte[] Events()
    {
        var writer = new EventWriter();
        writer.Write(new ProcessStarted { Process = 2, Parent = 1 });
        writer.Write(new ProgramStarted { Process = 2, Path = "/bin/sh", Argv = ["sh", "-c", "x"], WorkingDirectory = "/" });
        writer.Write(new FileRenamed { Process = 2, From = "/a", To = "/b", KeepsOld = true });
        writer.Write(new PeerContacted { Process = 2, Family = "ipv4", Protocol = "tcp", Address = "192.0.2.1", Port = 80, IsBound = false });
        writer.Write(new NameAsked { Process = 2, Name = "a.example" });
        writer.Write(new ObservedLoss { Process = 2, Sentence = "something" });
        return writer.Bytes.ToArray();
    }

    private static IEnumerable<byte[]> SomeTexts()
    {
        yield return FuzzTarget.Of(0, [.. "glibc-ld.so.cache1.1"u8, 1, 0, 0, 0, 16, 0, 0, 0, .. new byte[20], 1, 0, 0, 0, 72, 0, 0, 0, 80, 0, 0, 0, .. new byte[12], .. "libm.so\0/libm.so\0"u8]);
        yield return FuzzTarget.Of(1, [2, 0, 0, 80, 192, 0, 2, 1, .. new byte[8]]);
        yield return FuzzTarget.Of(2, "processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: avx avx2\n\nprocessor\t: 1\n"u8);
        yield return FuzzTarget.Of(3, "0-3,8,10-11"u8);
        yield return FuzzTarget.Of(4, Encoding.ASCII.GetBytes($"# branch.oid {new string('c', 40)}\0# branch.head main\01 .M N... 100644 100644 100644 {new string('a', 40)} {new string('b', 40)} fit.py\0? new\0"));
        yield return FuzzTarget.Of(5, "{'descr': [('x', '<f8'), ('y', '>i2', (2,))], 'fortran_order': False, 'shape': (2,), }"u8);
    }

    private static IEnumerable<byte[]> Fixtures(params string[] patterns) => patterns
        .SelectMany(static pattern => Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures"), pattern))
        .Order(StringComparer.Ordinal).Select(File.ReadAllBytes);
}
