using Provenance.Archive.Catalog;
using Xunit;

namespace Provenance.Archive.Tests.Catalog;

/// <summary>However runs are looked for, the answer is the newest of those that fulfil the conditions: here each way is gone, with a catalog of which all is known.</summary>
public sealed class ManyRunsTests
{
    private static readonly MadeCatalog Whole = new();
    private static readonly MadeCatalog Curtained = new(IsHidden);

    private static readonly RunQuery Nothing = new() { Limit = 7 };

    private static readonly (string Name, RunQuery Query, Func<int, bool> Holds)[] Questions =
    [
        ("nothing", Nothing, _ => true),
        ("host", Nothing with { Host = "host2" }, number => number % 5 == 2),
        ("image", Nothing with { Image = MadeCatalog.Image(1) }, number => number % 3 == 1),
        ("reference", Nothing with { ImageReference = "image0" }, number => number % 3 == 0),
        ("signer", Nothing with { Signer = MadeCatalog.Signer(3) }, number => number % 4 == 3),
        ("text", Nothing with { Text = "even" }, number => number % 2 == 0),
        ("label", Nothing with { LabelName = "sweep", LabelValue = "5" }, number => number % 6 == 5),
        ("label's name", Nothing with { LabelName = "sweep" }, _ => true),
        ("feature", Nothing with { CpuFeature = "avx2" }, _ => true),
        ("library", Nothing with { Injected = "libcuda.so.1" }, _ => true),
        ("address", Nothing with { Peer = "192.0.2.1" }, number => number % 4 == 1),
        ("peer", Nothing with { Peer = "data2.example" }, number => number % 4 == 2),
        ("ending", Nothing with { Succeeded = false, Host = "host0" }, number => number % 10 == 0),
        ("two", Nothing with { Host = "host1", Image = MadeCatalog.Image(2) }, number => number % 5 == 1 && number % 3 == 2),
        ("text and host", Nothing with { Text = "odd", Host = "host4" }, number => number % 2 == 1 && number % 5 == 4),
        ("rare words", Nothing with { Text = "odd.py --group=g00017x" }, number => number % 2 == 1 && number / 12 == 17),
        ("rare words and host", Nothing with { Text = "PY --GROUP=g00031X", Host = "host4" }, number => number % 5 == 4 && number / 12 == 31),
        ("beginning of words", Nothing with { Text = "even.py --group=g0002" }, number => number % 2 == 0 && number / 120 == 2),
        ("no such words", Nothing with { Text = "odd.py --group=g00099x" }, _ => false),
        ("none", Nothing with { Host = "host9", Text = "even" }, _ => false),
        ("contradiction", Nothing with { LabelName = "sweep", LabelValue = "1", Text = "even" }, _ => false),
    ];

    public static TheoryData<string, int, bool> Ways
    {
        get
        {
            var rows = new TheoryData<string, int, bool>();
            foreach (var (name, _, _) in Questions)
            {
                foreach (int few in (int[])[0, 20, 1000])
                {
                    rows.Add(name, few, false);
                    rows.Add(name, few, true);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Page_by_page_each_run_comes_once_and_in_its_order(string question, int few, bool curtained)
    {
        var (_, query, holds) = Questions.Single(one => one.Name == question);
        var expected = Expected(number => holds(number) && !(curtained && IsHidden(number)));
        var found = new List<long>();

        while (true)
        {
            var page = Find(query, few, curtained);
            found.AddRange(page.Select(run => run.LogIndex));
            if (page.Count < query.Limit)
            {
                break;
            }

            query = query with { After = new RunPlace(DateTimeOffset.FromUnixTimeMilliseconds(page[^1].StartedAt), page[^1].LogIndex) };
        }

        Assert.Equal(expected, found);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void In_a_span_of_time_too(string question, int few, bool curtained)
    {
        var (_, query, holds) = Questions.Single(one => one.Name == question);
        var (since, until) = (MadeCatalog.StartOf(200), MadeCatalog.StartOf(330));

        var found = Find(query with { Since = since, Until = until }, few, curtained).Select(run => run.LogIndex);

        Assert.Equal(
            Expected(number => holds(number) && !(curtained && IsHidden(number)) && MadeCatalog.StartOf(number) >= since && MadeCatalog.StartOf(number) < until)
                .Take(query.Limit),
            found);
    }

    private static bool IsHidden(int number) => number % 9 == 4 || number > 480;

    private static List<RawRun> Find(RunQuery query, int few, bool curtained) =>
        [.. new RunSearch((curtained ? Curtained : Whole).Database.Connection, new RunFilter(query), few, beyond: 3).Find()];

    private static IEnumerable<long> Expected(Func<int, bool> holds) =>
        Enumerable.Range(0, MadeCatalog.Runs).Where(holds).OrderByDescending(MadeCatalog.StartOf).ThenByDescending(number => number).Select(number => (long)number);
}
