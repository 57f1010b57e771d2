namespace Provenance.EndToEnd.Tests.Faults;

/// <summary>A disk that fails: the job ends as it would without, its outputs are whole, and what was said to be recorded is.</summary>
public sealed class FaultTests
{
    private const string Job = "prov run --record --keep all box -- sh -c 'echo said; echo made > out.txt; exit 7'";

    /// <summary>Later calls are few: a record takes some twenty of each kind.</summary>
    private static IEnumerable<int> Places(int step) => IsLong ? Enumerable.Range(1, 40) : Enumerable.Range(0, 5).Select(number => 1 + (number * step));

    private static bool IsLong => Environment.GetEnvironmentVariable("PROV_LONG") == "1";

    [Theory]
    [InlineData("fsync", 1, 3)]
    [InlineData("fsync", 1000, 1)]
    [InlineData("write", 1, 4)]
    [InlineData("write", 1000, 3)]
    public void A_failing_call_costs_a_record_at_most(string call, int lasts, int step)
    {
        using var place = Prepare();
        var acknowledged = new List<string>();
        foreach (int at in Places(step))
        {
            var result = place.Shell($"rm -f out.txt; {FaultShim.Before(place, call, at, lasts)} {Job}");
            AssertUnharmed(place, result);
            if (IdIn(result.Error) is { } id)
                acknowledged.Add(id);
            else
                Assert.Contains("prov: warning: the run was not recorded: ", result.Error, StringComparison.Ordinal);
        }

        // A disk that goes on failing lets nothing be recorded: so we know that the calls did fail.
        Assert.True(lasts == 1 || acknowledged.Count < Places(step).Count());
        AssertNothingLost(place, acknowledged);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_costs_the_record()
    {
        Assert.SkipWhen(Environment.UserName == "root" && Account.All.Last() == Account.Own, "root may write everywhere, and there is no ordinary user to try it");
        using var place = Prepare(Account.All.Last());
        var acknowledged = new List<string>();
        foreach (string folder in (string[])["blobs/sha256", "incoming", "log", "proofs", "tmp"])
        {
            var result = place.Shell($"rm -f out.txt; chmod a-w $PROV_ARCHIVE/{folder}; {Job}; s=$?; sleep 0.3; chmod u+w $PROV_ARCHIVE/{folder}; exit $s");
            AssertUnharmed(place, result);
            if (IdIn(result.Error) is { } id)
                acknowledged.Add(id);
            else
                Assert.Contains("not recorded", result.Error, StringComparison.Ordinal);
        }

        AssertNothingLost(place, acknowledged);
    }

    private static Workplace Prepare(Account? account = null)
    {
        Assert.SkipUnless(BusyboxImage.CanBeMade, "busybox-static is not installed");
        var place = new Workplace(account ?? Account.Own);
        FaultShim.Compile(place);
        BusyboxImage.WriteTar(Path.Combine(place.Folder, "box.tar"));
        place.GiveAway();
        AssertSucceeds(place, "prov image import box.tar -q && prov run --record box -- true");
        return place;
    }

    private static void AssertUnharmed(Workplace place, CommandResult result)
    {
        Assert.True(result.Status == 7, result.ToString());
        Assert.Equal("said\n", result.Output);
        Assert.Equal("made\n", File.ReadAllText(Path.Combine(place.Folder, "out.txt")));
    }

    internal static string? IdIn(string said) =>
        said.Split("recorded run ") is [_, { Length: >= 12 } rest] ? rest[..12] : null;

    private static void AssertNothingLost(Workplace place, List<string> acknowledged)
    {
        AssertSucceeds(place, "prov run --record box -- true");
        string[] listed = place.Shell("prov log -q -n 10000").Output.Split('\n');
        Assert.All(acknowledged, id => Assert.Contains(id, listed));
        AssertSucceeds(place, "prov verify --all -q && prov archive fsck && prov archive fsck --repair");
        AssertSucceeds(place, "for i in $(seq 100); do test -z \"$(ls $PROV_ARCHIVE/incoming)\" && exit 0; sleep 0.1; done; exit 1");
    }

    private static void AssertSucceeds(Workplace place, string command)
    {
        var result = place.Shell(command);
        Assert.True(result.Status == 0, $"$ {command}\n{result}");
    }
}
