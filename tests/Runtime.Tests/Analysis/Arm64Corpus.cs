using System.Diagnostics;
using System.Globalization;
using Provenance.Archive.Records;
using Provenance.Runtime.Analysis;
using Provenance.Runtime.Host;
using Provenance.Runtime.Tests.Recording;
using Xunit;

namespace Provenance.Runtime.Tests.Analysis;

/// <summary>The corpus for arm64: built by cross compilers, analysed as an image is, and run under qemu, which traps what a model lacks.</summary>
internal sealed class Arm64Corpus : IDisposable
{
    internal const string Newest = "max";

    private const string Qemu = "/usr/bin/qemu-aarch64-static", Compiler = "/usr/bin/aarch64-linux-gnu-gcc", Libraries = "/usr/aarch64-linux-gnu/lib";
    private const int PatienceMilliseconds = 60_000;

    private static readonly string[] Wanted = ["ld-linux-aarch64.so.1", "libc.so.6", "libm.so.6"];

    private readonly TemporaryFolder _root = new();

    internal Arm64Corpus()
    {
        Assert.SkipUnless(File.Exists(Qemu), "qemu-user-static is not installed");
        Assert.SkipUnless(File.Exists(Compiler) && Directory.Exists(Libraries), "gcc-aarch64-linux-gnu is not installed");
        Directory.CreateDirectory(Path.Combine(Root, "lib"));
        foreach (string library in Wanted)
        {
            File.Copy(Path.Combine(Libraries, library), Path.Combine(Root, "lib", library));
        }

        string sources = Path.Combine(AppContext.BaseDirectory, "Analysis", "CorpusArm64");
        var built = Run("/bin/sh", Path.Combine(sources, "build.sh"), sources, Root);
        Assert.True(built.Status == 0, built.Output);
    }

    internal string Root => _root.Path;

    /// <summary>In order.</summary>
    internal IReadOnlyList<string> Cases =>
    [
        .. Directory.EnumerateDirectories(Root)
            .Where(folder => File.Exists(Path.Combine(folder, "main")))
            .Select(folder => Path.GetFileName(folder))
            .Order(StringComparer.Ordinal),
    ];

    public void Dispose() => _root.Dispose();

    internal Requirements Analyse(string name)
    {
        var set = new LoadSet(new ContainerFiles(Root, []), null);
        set.AddProgram($"/{name}/main");
        return new RequirementsAnalyser(new AnalysisCache(null), TimeProvider.System).Analyse(set, null, TestContext.Current.CancellationToken);
    }

    internal (int Status, string Output) RunOn(string model, string program) => Run(Qemu, "-cpu", model, "-L", Root, Path.Combine(Root, program));

    /// <summary>A processor that qemu imitates, as the probe of a host would see it.</summary>
    internal HostProfile Host(string model)
    {
        string[] words = RunOn(model, "hwcaps").Output.Split(' ');
        return Profile(model, Arm64Hwcaps.NamesOf(Word(words[0]), Word(words[1])));
    }

    /// <summary>A run of a program with these requirements, recorded on the newest.</summary>
    internal static RunRecord Recorded(Requirements requirements, HostProfile recorded)
    {
        var run = CorpusTests.RunWith(requirements);
        return run with
        {
            Hosts = [recorded],
            Image = run.Image with { Platform = run.Image.Platform with { Architecture = "arm64" } },
        };
    }

    internal static HostProfile Profile(string model, IReadOnlySet<string> features)
    {
        var host = CorpusCpu.Host(model, string.Join(' ', features), Arm64Hwcaps.Level(features));
        return host with { Cpu = host.Cpu with { Architecture = "arm64", Vendor = "ARM" } };
    }

    private static ulong Word(string text) => ulong.Parse(text.AsSpan().Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    internal static (int Status, string Output) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string text = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(PatienceMilliseconds), $"{program} does not end");
        string told = errors.GetAwaiter().GetResult();
        return (process.ExitCode, process.ExitCode == 0 ? text : text + told);
    }
}
