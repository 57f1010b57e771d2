using Provenance.Archive.Catalog;
using Provenance.Archive.Tests.Records;
using Xunit;

namespace Provenance.Archive.Tests.Catalog;

/// <summary>What half of all runs read is found as what two did: the newest first.</summary>
public sealed class ManyFilesTests
{
    private const int Limit = 9;

    private static readonly MadeCatalog Whole = new();
    private static readonly MadeCatalog Curtained = new(IsHidden);

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(1000, false)]
    [InlineData(1000, true)]
    public void The_newest_files_of_a_content_are_found_by_every_way(int few, bool curtained)
    {
        var digest = new SqlBlob(Convert.FromHexString(RecordSamples.DigestsOf("in 1").Sha256));

        var found = Search(few, curtained).Find(FileGroup.OfDigest("sha256"), digest: digest);

        Assert.Equal(Expected(number => number % 2 == 1, curtained).Take(Limit), found.Select(file => file.LogIndex));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(1000, true)]
    public void And_of_a_path_with_conditions_on_its_runs(int few, bool curtained)
    {
        var found = Search(few, curtained, new RunQuery { Limit = Limit, Host = "host3" }).Find(FileGroup.OfPath, "stdin");

        Assert.Equal(Expected(number => number % 5 == 3, curtained).Take(Limit), found.Select(file => file.LogIndex));
    }

    [Fact]
    public void Several_files_of_one_run_are_all_there()
    {
        // stdout and stderr of every run are the same two contents; in one folder with the injected library, all of them are asked for by name.
        var found = Search(0, curtained: false).Find(FileGroup.OfName, "stdout").ToList();

        Assert.Equal(Expected(_ => true, curtained: false).Take(Limit), found.Select(file => file.LogIndex));
        Assert.All(found, file => Assert.Equal((int)FileRole.Stdout, file.Role));
    }

    private static bool IsHidden(int number) => number % 9 == 4 || number > 480;

    private static FileSearch Search(int few, bool curtained, RunQuery? query = null) => new(
        (curtained ? Curtained : Whole).Database.Connection, new RunFilter(query ?? new RunQuery { Limit = Limit }), few, beyond: 3);

    private static IEnumerable<long> Expected(Func<int, bool> holds, bool curtained) => Enumerable.Range(0, MadeCatalog.Runs)
        .Where(number => holds(number) && !(curtained && IsHidden(number)))
        .OrderByDescending(MadeCatalog.StartOf).ThenByDescending(number => number).Select(number => (long)number);
}
