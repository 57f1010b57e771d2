namespace Provenance.EndToEnd.Tests;

/// <summary>Real processes record while others collect garbage, and are killed at it: nothing acknowledged is lost, and nothing it names.</summary>
public sealed class GcRaceTests
{
    private const string Gc = "prov archive gc --older-than 0 -q";
    private const int Recorders = 3;

    private static int Rounds => Environment.GetEnvironmentVariable("PROV_LONG") == "1" ? 60 : 6;

    [Fact]
    public void Recording_loses_nothing_while_gc_runs_in_a_loop()
    {
        using var place = Prepare();
        using var collecting = place.Start($"while test ! -e done; do {Gc} || true; prov archive gc --older-than 0 --drop-contents 30d -q || true; done");
        var recording = Enumerable.Range(0, Recorders).Select(number => place.Start(
            // The same contents again and again: what one relies on, the other has just kept, and gc looks at in between.
            $"mkdir r{number} && cd r{number} && for i in $(seq {Rounds}); do prov run --record --keep all box -- "
            + "sh -c \"echo $((i % 2)) > out.txt; cat out.txt\" || exit 1; done 2>&1")).ToList();
        string[] said = [.. recording.Select(process => process.StandardOutput.ReadToEnd())];
        foreach (var process in recording)
        {
            process.WaitForExit();
            process.Dispose();
        }

        AssertSucceeds(place, "touch done");
        collecting.WaitForExit();
        AssertAllThere(place, said);
    }

    [Fact]
    public void A_killed_gc_leaves_a_sound_archive()
    {
        using var place = Prepare();
        var said = new List<string>();
        for (int round = 0; round < Rounds; round++)
        {
            said.Add(place.Shell($"prov run --record box -- sh -c 'seq 1 {round + 1} > out{round}.txt' 2>&1").Output);
            AssertSucceeds(place, $"prov image import box-oci --name spare{round} -q; prov image remove spare{round}");
            using var gc = place.Start("exec prov archive gc --older-than 0 --drop-contents 0 -q");
            if (!gc.WaitForExit(TimeSpan.FromMilliseconds(20 + (180.0 * round / Rounds))))
                gc.Kill();
            gc.WaitForExit();
            AssertSucceeds(place, "prov archive fsck");
        }

        AssertSucceeds(place, Gc);
        AssertAllThere(place, said);
    }

    private static Workplace Prepare()
    {
        Assert.SkipUnless(BusyboxImage.CanBeMade, "busybox-static is not installed");
        var place = new Workplace(Account.Own);
        BusyboxImage.WriteTar(Path.Combine(place.Folder, "box.tar"));
        BusyboxImage.WriteLayout(Path.Combine(place.Folder, "box-oci"));
        AssertSucceeds(place, "prov image import box.tar -q");
        return place;
    }

    private static void AssertAllThere(Workplace place, IEnumerable<string> said)
    {
        var acknowledged = said.SelectMany(text => text.Split('\n'))
            .Where(line => line.StartsWith("prov: recorded run ", StringComparison.Ordinal))
            .Select(line => line[^12..]).ToList();
        Assert.NotEmpty(acknowledged);
        Assert.DoesNotContain(said, text => text.Contains("not recorded", StringComparison.Ordinal));
        string[] listed = place.Shell("prov log -q -n 100000").Output.Split('\n');
        Assert.All(acknowledged, id => Assert.Contains(id, listed));
        AssertSucceeds(place, "prov verify --all -q");
        AssertSucceeds(place, "prov archive fsck");
    }

    private static void AssertSucceeds(Workplace place, string command)
    {
        var result = place.Shell(command);
        Assert.True(result.Status == 0, $"$ {command}\n{result}");
    }
}
