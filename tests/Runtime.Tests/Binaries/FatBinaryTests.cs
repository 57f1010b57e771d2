using System.Diagnostics;
using CsCheck;
using Provenance.Archive.Records;
using Provenance.Runtime.Binaries;
using Provenance.Runtime.Tests.Recording;
using Xunit;

namespace Provenance.Runtime.Tests.Binaries;

/// <summary>GPU code in files that NVIDIA's own tools made, alone and in programs that gcc links. What is expected is what cuobjdump says.</summary>
public sealed class FatBinaryTests : IDisposable
{
    private static readonly string[] NvidiaLibraries = ["libnvjpeg.so.*", "libnppig.so.*", "libcusparse.so.*", "libcublas.so.*", "libcufft.so.*"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cuda-11.8.fatbin", "1: sm_70 sm_80 sm_80:7.8")]
    [InlineData("cuda-12.4.fatbin", "1: sm_90 sm_90a sm_90:8.4 sm_90a:8.4")]
    [InlineData("scale.sm_90a.cubin", "1: sm_90a")]
    [InlineData("scale.ptx", "1: sm_52:7.8")]
    public void What_cuobjdump_sees_is_found(string fixture, string expected) => Assert.Equal(expected, Text(FatBinary.TryFind(Fixture(fixture), fixture)));

    [Fact]
    public void A_program_has_what_was_linked_into_it_and_what_is_equal_is_counted()
    {
        string program = Link("cuda-11.8.fatbin", "cuda-12.4.fatbin", "cuda-11.8.fatbin");

        Assert.Equal("2: sm_70 sm_80 sm_80:7.8; 1: sm_90 sm_90a sm_90:8.4 sm_90a:8.4", Text(FatBinary.TryFind(program, "/bin/solve")));
        Run("strip", program);
        Assert.Equal("2: sm_70 sm_80 sm_80:7.8; 1: sm_90 sm_90a sm_90:8.4 sm_90a:8.4", Text(FatBinary.TryFind(program, "/bin/solve")));
    }

    [Fact]
    public void Files_without_gpu_code_have_none()
    {
        Assert.Null(FatBinary.TryFind("/bin/true", "/bin/true"));
        Assert.Null(FatBinary.TryFind(_folder.Write("empty", ""), "empty.so"));
        Assert.Null(FatBinary.TryFind(_folder.Write("text.ptx", "nothing of the kind"), "text.ptx"));
        Assert.Null(FatBinary.TryFind(_folder.At("missing"), "missing.so"));
    }

    [Fact]
    public void What_is_cut_short_is_told_with_what_was_read_until_then()
    {
        byte[] bytes = File.ReadAllBytes(Fixture("cuda-11.8.fatbin"));

        var whole = FatBinary.Find(new ElfBytes(bytes), "x.fatbin")!;
        var two = FatBinary.Find(new ElfBytes(new byte[][] { bytes, bytes[..^100] }.SelectMany(part => part).ToArray()), "x.fatbin")!;

        Assert.Null(whole.Problem);
        Assert.Equal("1: sm_70 sm_80 sm_80:7.8", Text(two));
        Assert.Contains("of which", two.Problem, StringComparison.Ordinal);
    }

    /// <summary>Whatever the bytes are, there is an answer, and soon.</summary>
    [Fact]
    public void Changed_bytes_give_less_or_a_problem_and_never_an_error()
    {
        byte[][] samples =
        [
            File.ReadAllBytes(Fixture("cuda-11.8.fatbin")), File.ReadAllBytes(Fixture("cuda-12.4.fatbin")), File.ReadAllBytes(Fixture("scale.sm_90a.cubin")),
            File.ReadAllBytes(Link("cuda-11.8.fatbin", "cuda-12.4.fatbin")),
        ];

        // Numbers that decide stand in the first bytes, and in section headers at the end.
        var changes = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 1 << 20], Gen.OneOf(Gen.Byte, Gen.Const((byte)0xff))).Array[1, 8];
        Gen.Select(Gen.Int[0, samples.Length - 1], changes, Gen.Int[0, 4], Gen.Int[0, 1 << 20]).Sample(
            (sample, changed, kind, end) =>
            {
                byte[] bytes = (byte[])samples[sample].Clone();
                foreach (var (where, at, value) in changed)
                {
                    int place = where switch { 0 => at % bytes.Length, 1 => at % Math.Min(256, bytes.Length), _ => bytes.Length - 1 - (at % Math.Min(2048, bytes.Length)) };
                    bytes[place] = value;
                }

                var watch = Stopwatch.StartNew();
                FatBinary.Find(new ElfBytes(kind == 0 ? bytes[..(end % bytes.Length)] : bytes), "x.so");
                return watch.Elapsed < TimeSpan.FromSeconds(5);
            },
            iter: 20_000);
    }

    /// <summary>Debian's nvidia-cuda-toolkit and the libraries beside it are not free: where they are, they are compared. PROV_CUDA names another root than /.</summary>
    [Fact]
    public void Libraries_of_nvidia_have_what_cuobjdump_says()
    {
        string root = Environment.GetEnvironmentVariable("PROV_CUDA") ?? "";
        string tool = root + "/usr/bin/cuobjdump", folder = root + "/usr/lib/x86_64-linux-gnu";
        string[] libraries = Directory.Exists(folder)
            ? [.. NvidiaLibraries.SelectMany(pattern => Directory.EnumerateFiles(folder, pattern)).Where(path => new FileInfo(path).LinkTarget is null)]
            : [];
        Assert.SkipUnless(File.Exists(tool) && libraries.Length > 0, "nvidia-cuda-toolkit is not installed");
        Assert.All(libraries, library => Compare(tool, library));
    }

    private static void Compare(string tool, string library)
    {
        string[] expected = [.. Said(Injection.CompiledImage.Output(tool, library)).Distinct().Order(StringComparer.Ordinal)];

        var watch = Stopwatch.StartNew();
        var found = FatBinary.TryFind(library, library)!;

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{library}: {new FileInfo(library).Length >> 20} MiB, {found.Images.Sum(images => images.Count)} fat binaries in {watch.Elapsed.TotalMilliseconds:F1} ms");
        string[] all =
        [
            .. found.Images.SelectMany(images => images.Cubins.Select(cubin => $"elf {cubin}").Concat(images.Ptx.Select(ptx => $"ptx {ptx.Target}:{ptx.Version}")))
                .Distinct().Order(StringComparer.Ordinal),
        ];
        Assert.Null(found.Problem);
        Assert.NotEmpty(expected);
        Assert.Equal(expected, all);
    }

    /// <summary>Of each piece: "Fatbin ptx code:", then "arch = sm_80" and "code version = [7,8]".</summary>
    private static IEnumerable<string> Said(string[] lines)
    {
        string kind = "", architecture = "";
        foreach (string line in lines)
        {
            if (line.StartsWith("Fatbin ", StringComparison.Ordinal))
                kind = line.Split(' ')[1];
            else if (line.StartsWith("arch = ", StringComparison.Ordinal))
                architecture = line[7..].Trim();
            else if (line.StartsWith("code version = [", StringComparison.Ordinal))
                yield return kind == "ptx" ? $"ptx {architecture}:{line[16..^1].Replace(',', '.')}" : $"{kind} {architecture}";
        }
    }

    private string Link(params string[] fatBinaries)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gcc"), "gcc is not installed");
        string parts = string.Concat(fatBinaries.Select(name => $".balign 8\n.incbin \"{Fixture(name)}\"\n"));
        string source = _folder.Write("gpu.s", $".section .nv_fatbin,\"a\"\n{parts}.section .note.GNU-stack,\"\",@progbits\n");
        string main = _folder.Write("main.c", "int main(void) { return 0; }");
        Run("gcc", "-o", _folder.At("solve"), main, source);
        return _folder.At("solve");
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Binaries", "Fixtures", name);

    private static string Text(GpuCode? code) => string.Join("; ", code!.Images.Select(images =>
        $"{images.Count}: {string.Join(' ', images.Cubins.Concat(images.Ptx.Select(ptx => $"{ptx.Target}:{ptx.Version}")))}"));
}
