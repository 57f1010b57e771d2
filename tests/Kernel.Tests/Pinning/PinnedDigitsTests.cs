using Provenance.Kernel.Tests.Observing;
using Provenance.Kernel.Tests.Sandbox;
using Provenance.Runtime.Host;
using Provenance.Runtime.Pinning;
using Provenance.Runtime.Sandbox;
using Xunit;

namespace Provenance.Kernel.Tests.Pinning;

/// <summary>
/// Libraries of this host, run by an emulator of an older processor for truth, and natively by jobs that take this processor for it: the
/// same digits to the last.
/// </summary>
public sealed class PinnedDigitsTests : IDisposable
{
    private const string Emulator = "qemu-x86_64-static", Python = "/usr/bin/python3";

    private readonly string _folder = Directory.CreateTempSubdirectory("prov-digits-").FullName;

    public PinnedDigitsTests()
    {
        Assert.SkipUnless(JobTracer.IsSupported, "CPUID is answered on x86-64 alone");
        Assert.SkipUnless(HostProbe.Read().Cpu.Features.Contains("avx2"), "this processor is no newer than those that are shown");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (string program in (string[])["libm", "static", "blas", "fftw", "clones", "python"])
        {
            foreach (string model in (string[])["Nehalem", "SandyBridge", "Haswell"])
                cases.Add(program, model);
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Digits_are_those_of_the_other_processor(string program, string model) => AssertSame(Argv(program), model);

    [Theory]
    [InlineData("Nehalem")]
    [InlineData("SandyBridge")]
    [InlineData("Haswell")]
    public void Digits_of_numpy_are_too(string model)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PROV_LONG") == "1", "long: set PROV_LONG=1");
        Assert.SkipUnless(Compiler.Run(Python, "-c", "import numpy").Status == 0, "no NumPy on this host");
        AssertSame([Python, Write("digits.py", DigitsPrograms.Numpy)], model);
    }

    /// <summary>qemu 7.2 gives infinities for the doubles of tanh on Haswell: it cannot be the measure of it, long double is.</summary>
    [Fact]
    public void The_one_routine_that_the_emulator_gets_wrong_is_right_when_pinned()
    {
        Assert.SkipUnless(Compiler.Run(Python, "-c", "import numpy").Status == 0, "no NumPy on this host");

        Assert.Equal("True\n", Pinned([Python, Write("tanh.py", DigitsPrograms.Tanh)], "Haswell").Output);
    }

    private void AssertSame(string[] argv, string model)
    {
        var (status, truth) = Compiler.Run(Emulator, ["-cpu", model, "-E", "OPENBLAS_NUM_THREADS=1", "-E", "PYTHONHASHSEED=0", .. argv]);
        Assert.SkipWhen(status is null, $"no {Emulator} on this host");
        Assert.True(status == 0, truth);

        Assert.Equal(truth, Pinned(argv, model).Output);

        // Between a Haswell and a processor without AVX-512 there is nothing to choose.
        if (model == "Nehalem")
            Assert.NotEqual(truth, Job.Run(Spec(argv)).Output);
    }

    private Job Pinned(string[] argv, string model) => Job.Run(Spec(argv) with
    {
        Cpu = new PinnedCpu(
            CpuidTable.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Machines", $"qemu-{model.ToLowerInvariant()}.cpuid"))).Read,
            HostSources.Live().Cpuid!),
    });

    private ContainerSpec Spec(string[] argv)
    {
        var spec = ObservedJob.OnHost(_folder, argv);
        return spec with { Environment = [.. spec.Environment, new("OPENBLAS_NUM_THREADS", "1"), new("PYTHONHASHSEED", "0")] };
    }

    private string[] Argv(string program) => program switch
    {
        "libm" => [Compile(DigitsPrograms.Libm, "-lm")],
        "static" => [Compile(DigitsPrograms.Libm, "-static", "-lm")],
        "blas" => [Compile(DigitsPrograms.Blas, "-lopenblas", "-lm")],
        "fftw" => [Compile(DigitsPrograms.Fftw, "-lfftw3", "-lm")],
        "clones" => [Compile(DigitsPrograms.Clones, "-lm")],
        _ => [Python, Write("math.py.txt", DigitsPrograms.Python)],
    };

    private string Compile(string source, params string[] options)
    {
        string output = Path.Combine(_folder, "program");
        var (status, errors) = Compiler.Run("gcc", ["-O2", "-fno-builtin", "-o", output, Write("program.c", source), .. options]);
        Assert.SkipWhen(status is null, "no C compiler on this host");
        Assert.SkipWhen(status != 0 && errors.Contains("cannot find -l", StringComparison.Ordinal), "the library is not on this host");
        Assert.True(status == 0, errors);
        return output;
    }

    private string Write(string name, string content)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, content);
        return path;
    }
}
