namespace Provenance.EndToEnd.Tests;

/// <summary>Many processes record into one archive at once: each record is there, once, in a log that proves its order.</summary>
public sealed class ManyRecordersTests
{
    public static TheoryData<int> Numbers() => Environment.GetEnvironmentVariable("PROV_LONG") == "1" ? [2, 10, 100] : [2, 10];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void All_of_them_are_in_the_log_once(int number)
    {
        Assert.SkipUnless(BusyboxImage.CanBeMade, "busybox-static is not installed");
        using var place = new Workplace(Account.Own);
        BusyboxImage.WriteTar(Path.Combine(place.Folder, "box.tar"));
        AssertSucceeds(place, "prov image import box.tar -q");

        string said = AssertSucceeds(
            place,
            $"for i in $(seq {number}); do mkdir r$i; (cd r$i && prov run --record box -- sh -c \"echo $i > out.txt\" 2>&1) & done; wait");
        string[] ids = [.. said.Split('\n').Where(line => line.StartsWith("prov: recorded run ", StringComparison.Ordinal)).Select(line => line[^12..])];

        Assert.Equal(number, ids.Distinct().Count());
        AssertSucceeds(place, "for i in $(seq 300); do test -z \"$(ls $PROV_ARCHIVE/incoming)\" && exit 0; sleep 0.1; done; exit 1");
        Assert.Equal(ids.Order(), AssertSucceeds(place, "prov log -q -n 1000").Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
        string entries = AssertSucceeds(place, "cat $(find $PROV_ARCHIVE/log/tile/entries -type f) | tr '{' '\\n' | grep -c '^\"kind\":'").Trim();
        Assert.Equal($"{number + 1}", entries);
        Assert.Contains($"consistent: {number + 1} entries", AssertSucceeds(place, "prov log audit"), StringComparison.Ordinal);
        Assert.DoesNotContain("repairable", AssertSucceeds(place, "prov archive fsck"), StringComparison.Ordinal);
        AssertSucceeds(place, "prov verify --all -q");
    }

    private static string AssertSucceeds(Workplace place, string command)
    {
        var result = place.Shell(command);
        Assert.True(result.Status == 0, $"$ {command}\n{result}");
        return result.Output;
    }
}
