using System.Text;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;

namespace Provenance.Million;

/// <summary>Makes records in the order of the log: runs, and among them replays and citations of earlier ones.</summary>
internal sealed class RecordMaker(RunMaker runs, IReadOnlyList<Person> people, int count, int signed)
{
    /// <summary>One run in so many is cited by a paper, and one replayed.</summary>
    private const int Cited = 40, Replayed = 20;

    private readonly Digest?[] _known = new Digest?[count];
    private readonly LeafBlob?[] _cited = new LeafBlob?[count];
    private readonly int _every = Math.Max(1, count / Math.Max(1, signed));
    private readonly HostProfile[] _hosts = World.MakeHosts();

    public IReadOnlyList<MadeRecord> Make(int from, int to) =>
        [.. Enumerable.Range(from, to - from).AsParallel().AsOrdered().WithDegreeOfParallelism(2).SelectMany(number => MakeOne(number, from))];

    private bool IsSigned(int number) => number % _every == 0;

    private List<MadeRecord> MakeOne(int number, int batch)
    {
        var (run, lists, files) = runs.Make(number);
        byte[] statement = RecordJson.Serialize(new Statement<RunRecord>
        {
            Subject = [new Subject { Name = RunMaker.ResultPath(number), Digest = files[0].Digests }],
            PredicateType = StatementTypes.Run,
            Predicate = run,
        });
        var person = people[RunMaker.PersonOf(number)];
        var made = IsSigned(number)
            ? Signed(RecordKind.Run, run, statement, person, run.Outcome.EndedAt, lists, [.. lists, .. files])
            : Unsigned(RecordKind.Run, run, statement, person, run.Outcome.EndedAt, lists);
        _known[number] = made.Record;
        _cited[number] = made.Entry.Leaf!.Record;
        var all = new List<MadeRecord> { made };
        var dice = new Dice(number * 13L);
        int earlier = batch == 0 ? 0 : batch - 1 - dice.Below(Math.Min(batch, 4 * 5000));
        if (batch > 0 && dice.Chance(1.0 / Replayed))
        {
            all.Add(Replay(earlier, run.Outcome.EndedAt, ref dice));
        }

        // Of the signed ones more, so that papers lead to pages that can be shown.
        int cited = dice.Chance(0.5) ? earlier / _every * _every : earlier;
        if (batch > 0 && dice.Chance(1.0 / Cited))
        {
            all.Add(Citation(cited, run.Outcome.EndedAt, ref dice));
        }

        return all;
    }

    private MadeRecord Replay(int original, DateTimeOffset at, ref Dice dice)
    {
        bool isSame = dice.Chance(0.85);
        var verdict = isSame ? ReplayVerdict.Reproduced : ReplayVerdict.Differs;
        var result = RunMaker.Result(original);
        var replay = new ReplayRecord
        {
            Recorder = World.Recorder,
            Run = _known[original]!,
            Assessment = new Assessment { Verdict = Verdict.Ok, Runs = Answer.Yes, SameResults = Answer.Unknown, Findings = [] },
            Host = _hosts[dice.Skewed(World.Hosts)],
            Forced = [],
            Relocated = [],
            Comparison =
            [
                new ComparedOutput
                {
                    Name = RunMaker.ResultPath(original),
                    Result = isSame ? ComparisonResult.Identical : ComparisonResult.Differs,
                    Decides = true,
                    Original = result.Digests,
                },
            ],
            Verdict = verdict,
            Outcome = new Outcome
            {
                ExitCode = 0,
                StartedAt = at.AddMinutes(-3),
                EndedAt = at,
                WallMilliseconds = 180_000,
                UserCpuMilliseconds = 170_000,
                SystemCpuMilliseconds = 1000,
                PeakMemoryBytes = 1 << 28,
            },
            Agreement = isSame ? ComparisonResult.Identical : ComparisonResult.Differs,
            Purpose = ReplayPurpose.Replication,
        };
        byte[] statement = RecordJson.Serialize(new Statement<ReplayRecord>
        {
            Subject = [new Subject { Name = "run", Digest = new DigestSet { Sha256 = replay.Run.Hex } }],
            PredicateType = StatementTypes.Replay,
            Predicate = replay,
        });
        var person = people[dice.Skewed(World.People)];
        return IsSigned(original)
            ? Signed(RecordKind.Replay, replay, statement, person, at, [], [])
            : Unsigned(RecordKind.Replay, replay, statement, person, at, []);
    }

    private MadeRecord Citation(int original, DateTimeOffset at, ref Dice dice)
    {
        int project = RunMaker.ProjectOf(original);
        var person = people[RunMaker.PersonOf(original)];
        var citation = new CitationRecord
        {
            Recorder = World.Recorder,
            Run = _cited[original]!,
            Certificate = person.Certificate,
            Doi = Doi.Parse(World.DoiOf(project, dice.Below(2))),
            Title = $"On the {World.Fields[project % World.Fields.Length]} of sample {project}, part {original}-{at.Ticks % 100_000}",
            Figures = [new CitedFigure { Label = $"Fig. {1 + dice.Below(8)}", Path = RunMaker.ResultPath(original), Digest = RunMaker.Result(original).Digests }],
        };
        byte[] statement = RecordJson.Serialize(CitationStatement.Of(citation));
        return IsSigned(original)
            ? Signed(RecordKind.Citation, citation, statement, person, at, [], [])
            : Unsigned(RecordKind.Citation, citation, statement, person, at, []);
    }

    /// <summary>With a real signature, and everything kept.</summary>
    public static MadeRecord Signed(
        RecordKind kind, object predicate, byte[] statement, Person by, DateTimeOffset at, IReadOnlyList<Content> lists, IReadOnlyList<Content> files)
    {
        var record = Content.Of(statement);
        var signature = Content.Of(CmsSigner.Sign(statement, by.Key, new FixedTime(at)));
        return new MadeRecord(EntryOf(kind, predicate, record, LeafBlob.Of(signature.Bytes), by, at), lists, [record, signature, .. files]);
    }

    private static MadeRecord Unsigned(
        RecordKind kind, object predicate, byte[] statement, Person by, DateTimeOffset at, IReadOnlyList<Content> lists)
    {
        var record = Content.Of(statement);
        var nothing = LeafBlob.Of(Encoding.ASCII.GetBytes($"no signature of {record.Sha256}"));
        return new MadeRecord(EntryOf(kind, predicate, record, nothing, by, at), lists, []);
    }

    private static CatalogEntry EntryOf(RecordKind kind, object predicate, Content record, LeafBlob signature, Person by, DateTimeOffset at) => new()
    {
        Leaf = new LogLeaf
        {
            Kind = kind,
            Record = new LeafBlob { Sha256 = record.Sha256.Hex, Sha512 = record.Digests.Sha512!, Size = record.Bytes.Length },
            Signature = signature,
        },
        Signer = new Signer(by.Certificate, by.Name, at),
        Predicate = predicate,
    };
}
