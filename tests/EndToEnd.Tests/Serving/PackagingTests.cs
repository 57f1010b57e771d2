using System.Diagnostics;

namespace Provenance.EndToEnd.Tests.Serving;

/// <summary>The unit by which systemd runs a server, as systemd itself judges it.</summary>
public sealed class PackagingTests : IDisposable
{
    private const string Analyzer = "/usr/bin/systemd-analyze";

    private readonly string _folder = Directory.CreateTempSubdirectory("prov-unit-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Systemd_finds_no_fault_in_the_unit()
    {
        var (status, output) = Analyze("verify", Unit());

        Assert.True(status == 0 && output.Length == 0, output);
    }

    /// <summary>systemd's own measure, from 0 (nothing can be done to the host) to 10; it calls up to 1.9 OK, and a unit without any of it has 9.6.</summary>
    [Fact]
    public void A_server_that_was_taken_over_can_do_little()
    {
        var (status, output) = Analyze("security", "--offline=true", "--threshold=15", Unit());

        Assert.True(status == 0, output);
    }

    /// <summary>Where nothing is installed the program is this one.</summary>
    private string Unit()
    {
        Assert.SkipUnless(File.Exists(Analyzer), "systemd is not installed");
        string source = Path.Combine(AppContext.BaseDirectory.Split("/artifacts/")[0], "packaging", "prov-serve.service");
        string unit = Path.Combine(_folder, "prov-serve.service");
        File.WriteAllText(unit, File.ReadAllText(source).Replace("/usr/local/bin/prov ", "/bin/true ", StringComparison.Ordinal));
        return unit;
    }

    private static (int Status, string Output) Analyze(params string[] arguments)
    {
        using var analyzer = Process.Start(new ProcessStartInfo(Analyzer, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = analyzer.StandardError.ReadToEndAsync();
        string output = analyzer.StandardOutput.ReadToEnd();
        analyzer.WaitForExit();
        return (analyzer.ExitCode, output + errors.GetAwaiter().GetResult());
    }
}
