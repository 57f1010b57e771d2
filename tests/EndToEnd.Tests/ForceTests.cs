using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;
using Provenance.Runtime.Native;

namespace Provenance.EndToEnd.Tests;

/// <summary>A run whose machine could do more than this one: refused by name, and with --force repeated, which the record tells.</summary>
public sealed class ForceTests
{
    /// <summary>Features that compilers and libraries use, the rarest first.</summary>
    private static readonly string[] Rare = ["amx_tile", "avx512_fp16", "avx512f", "avx2", "avx"];

    [Fact]
    public void A_run_that_needs_another_processor_is_refused_and_can_be_forced()
    {
        Assert.SkipUnless(BusyboxImage.CanBeMade, "busybox-static is not installed");
        string? missing = Rare.FirstOrDefault(feature => !File.ReadAllText("/proc/cpuinfo").Contains(feature, StringComparison.Ordinal));
        Assert.SkipWhen(missing is null, "this processor has every feature");
        using var place = new Workplace(Account.Own);
        BusyboxImage.WriteTar(Path.Combine(place.Folder, "box.tar"));
        Succeed(place, "prov image import box.tar -q && prov run --record box -- sh -c 'echo x > x.txt'");
        string run = Elsewhere(place, Succeed(place, "prov log -n 1 -q").Output.Trim(), missing);

        var refused = place.Shell($"prov replay {run}");
        Assert.True(refused.Status == 3 && refused.Output.Contains(missing, StringComparison.Ordinal), refused.ToString());
        Assert.Contains("--force", refused.Error, StringComparison.Ordinal);

        var forced = Succeed(place, $"prov replay --force {run}");
        Assert.Contains("reproduced (forced)", forced.Output, StringComparison.Ordinal);
        Assert.Contains("(forced)", Succeed(place, $"prov show {run}").Output, StringComparison.Ordinal);
        Succeed(place, "prov verify --all -q && prov archive fsck");
    }

    /// <summary>Signs the same run as if another machine had made it, with a program that analysed nothing, and takes it into the archive.</summary>
    private static string Elsewhere(Workplace place, string id, string feature)
    {
        var layout = new StoreLayout(place.Archive);
        var blobs = new BlobStore(layout, Files.SyncFolder);
        using var finder = RecordFinder.Open(blobs, Files.SyncFolder);
        var run = RecordJson.ParseRun(finder.Read(finder.Get(id)).Statement.Span);
        var host = run.Predicate.Hosts[0];
        string[] features = [.. host.Cpu.Features.Append(feature).Order(StringComparer.Ordinal)];
        var other = host with { Cpu = host.Cpu with { Features = features } };
        byte[] statement = RecordJson.Serialize(run with { Predicate = run.Predicate with { Hosts = [other], Requirements = null } });
        using var key = new KeyStore(layout, Files.SyncFolder, TimeProvider.System).Find();
        byte[] signature = CmsSigner.Sign(statement, key!, TimeProvider.System);
        return new RecordIntake(blobs, Files.SyncFolder).Accept(RecordKind.Run, statement, signature).Abbreviated;
    }

    private static CommandResult Succeed(Workplace place, string command)
    {
        var result = place.Shell(command);
        Assert.True(result.Status == 0, $"$ {command}\n{result}");
        return result;
    }
}
