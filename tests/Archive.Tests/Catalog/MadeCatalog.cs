using System.Globalization;
using Provenance.Archive.Access;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Tests.Catalog;

/// <summary>A catalog in memory of some hundred runs that nobody signed, in a log that has them not quite in the order of their times.</summary>
internal sealed class MadeCatalog : IDisposable
{
    public const int Runs = 500;

    /// <param name="hidden">Which runs nobody may see.</param>
    public MadeCatalog(Func<int, bool>? hidden = null)
    {
        // Runs without lists: nothing is read.
        var blobs = new BlobStore(new StoreLayout(Path.GetTempPath()), static _ => { });
        Database = CatalogDatabase.CreateInMemory();
        using (var transaction = Database.Connection.BeginTransaction())
        {
            using var writer = new CatalogWriter(transaction, blobs);
            for (int number = 0; number < Runs; number++)
            {
                writer.Apply(number, EntryOf(number));
            }

            transaction.Commit();
        }

        if (hidden is not null)
        {
            CatalogCurtain.Draw([Database], new RecordScope { Hidden = [.. Enumerable.Range(0, Runs).Where(hidden).Select(RecordOf)] });
        }
    }

    public CatalogDatabase Database { get; }

    public static Digest Signer(int number) => Digest.Of([(byte)(number % 4), 1]);

    public static Digest Image(int number) => Digest.Of([(byte)(number % 3), 2]);

    public static Digest RecordOf(int number) => LeafOf(number).Record.Digest;

    /// <summary>Minutes from the first: every seventh was imported much later, every eleventh took very long, and some began in one moment.</summary>
    public static DateTimeOffset StartOf(int number) => RecordSamples.Start.AddMinutes(
        number % 7 == 3 ? number / 2
        : number % 11 == 5 ? number - 90
        : number % 13 == 2 ? number / 10 * 10
        : number);

    public static RunRecord Run(int number)
    {
        var sample = RecordSamples.RunPredicate();
        return sample with
        {
            Image = sample.Image with { Reference = $"image{number % 3}", Manifest = Image(number) },
            Hosts = [RecordSamples.Host() with { Hostname = $"host{number % 5}" }, RecordSamples.Host() with { Hostname = $"host{number % 5}" }],
            Invocation = sample.Invocation with
            {
                Argv = ["python3", number % 2 == 0 ? "even.py" : "odd.py", $"--group=g{number / 12:D5}x"],
                Stdin = sample.Invocation.Stdin with { Digest = RecordSamples.DigestsOf($"in {number % 2}") },
            },
            Labels = [new Label { Name = "sweep", Value = (number % 6).ToString(CultureInfo.InvariantCulture) }],
            Used = new FileList { Count = 0, TotalBytes = 0 },
            Generated = new FileList { Count = 0, TotalBytes = 0 },
            Executed = null,
            Sources = null,
            Network = new NetworkUse
            {
                Peers = [sample.Network!.Peers[0] with { Address = $"192.0.2.{number % 4}", Name = $"data{number % 4}.example" }],
                Names = [$"data{number % 4}.example", "asked.example"],
            },
            Outcome = sample.Outcome with
            {
                ExitCode = number % 10 == 0 ? 1 : 0,
                Signal = null,
                StartedAt = StartOf(number),
                EndedAt = StartOf(number).AddHours(1),
            },
            ReplayOf = null,
        };
    }

    public void Dispose() => Database.Dispose();

    private static CatalogEntry EntryOf(int number) => new()
    {
        Leaf = LeafOf(number),
        Signer = new Signer(Signer(number), $"signer {number % 4}", StartOf(number)),
        Predicate = Run(number),
    };

    private static LogLeaf LeafOf(int number) => new()
    {
        Kind = RecordKind.Run,
        Record = LeafBlob.Of(BitConverter.GetBytes(number)),
        Signature = LeafBlob.Of(BitConverter.GetBytes(-1 - number)),
    };
}
