using System.CommandLine;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Provenance.Cli.Options;
using Provenance.Cli.Pages;

namespace Provenance.Cli.Commands;

/// <summary><c>prov verify</c>: separate facts about a record, never one tick.</summary>
internal sealed class VerifyCommand : CliCommand
{
    private const int MaxSignatureBytes = 1 << 20;

    /// <summary>Kinds whose records are about others, which need not be here.</summary>
    private static readonly RecordKind[] Others =
        [RecordKind.Replay, RecordKind.Citation, RecordKind.Rotation, RecordKind.Revocation, RecordKind.Tombstone, RecordKind.Endorsement];

    private readonly Argument<string?> _what = new("ID")
    {
        Description = "a run, a replay or an image; a bundle; the file of a statement, its signature beside it as .p7s; or a "
            + "result, whose runs are then verified",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _all = new("--all") { Description = "verify every record of the archive" };
    private readonly Option<string?> _policy = new("--policy")
    {
        HelpName = "FILE",
        Description = "judge by this policy in place of the archive's trust/policy.toml",
    };

    private readonly Option<bool> _quiet = SharedOptions.Quiet("print only what is wrong");
    private readonly Option<bool> _json = SharedOptions.Json();

    public VerifyCommand()
        : base("verify", "check signature, signer, time, trust, endorsements, log and every byte of a record")
    {
        Arguments.Add(_what);
        Options.Add(_all);
        Options.Add(_policy);
        Options.Add(_quiet);
        Options.Add(_json);
    }

    public override string Remarks => """
        Nothing is asked of any network. Trusted are the archive's own keys and the certificates in its folder trust/.
        The signer is judged for the time that a time stamp proves, else for now.
        Exit status 1 when anything is wrong, 3 when only the signer is not trusted, 4 when nothing is wrong and something is missing
        that nobody left out or removed on purpose.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov verify 7f3a9c", "one line for each fact: signature, identity, time, trust, endorsed, log, bytes"),
        new("prov verify figure3.png", "the runs that made this file"),
        new("prov verify 7f3a9c1b2d3e.prov.tar", "a bundle, without taking it in"),
        new("prov verify --all -q", "every record; silent when all hold"),
    ];

    public override int Execute(CommandCall call)
    {
        string? what = call.Value(_what);
        if ((what is null) != call.Value(_all))
        {
            throw new UsageException(what is null ? "no ID given: name a record, or say --all" : "an ID and --all exclude each other");
        }

        var policy = call.Value(_policy) is { } file ? TrustPolicy.FromFile(file) : null;
        if (what is not null && OpenedBundle.IsMeant(what))
        {
            return VerifyBundle(call, what, policy);
        }

        if (what is null)
        {
            ArchiveFolder.Require(call.Workbench.Layout);
        }

        var records = new RecordChecks(call.Workbench, policy);
        return Report(call, what is null ? All(call.Workbench, records) : Named(call.Workbench, records, what));
    }

    /// <summary>All of its records, in the order in which they need each other.</summary>
    private int VerifyBundle(CommandCall call, string path, TrustPolicy? policy)
    {
        try
        {
            using var opened = OpenedBundle.Find(path, call)!;
            var proofs = new BundledProof(opened.Call.Workbench.Blobs, opened.Bundle.Records, KnownKeys.Load(call.Workbench.Layout));
            var records = new RecordChecks(opened.Call.Workbench, policy, proofs.Check, proofs.CheckOrigins);
            var finder = opened.Call.Workbench.Finder;
            return Report(call, opened.Bundle.Records.Select(record => records.Check(finder.Get(record.Record.Hex))));
        }
        catch (BundleException e)
        {
            call.Terminal.Error(e.Message);
            return ExitCodes.Differs;
        }
    }

    private static IEnumerable<RecordVerification> Named(Workbench workbench, RecordChecks records, string what)
    {
        if (workbench.Finder.Find(what) is { } row)
        {
            return [records.Check(row)];
        }

        if (workbench.Images.Find(what) is { } image)
        {
            return [OfImage(image)];
        }

        if (workbench.Images.FindIndex(what) is { } index)
        {
            return index.Variants.Select(OfImage);
        }

        return File.Exists(what) ? OfFile(workbench, records, what) : throw new RecordNotFoundException(what);

        RecordVerification OfImage(NamedImage named) =>
            records.Check(workbench.Finder.Get((named.Record ?? throw new RecordNotFoundException(what)).Hex));
    }

    /// <summary>A statement of this archive, a statement with its signature beside it, or a result of runs.</summary>
    private static IEnumerable<RecordVerification> OfFile(Workbench workbench, RecordChecks records, string path)
    {
        string hex = HexOf(path);
        if (workbench.Finder.Find(hex) is { } row)
        {
            return [records.Check(row)];
        }

        if (SignatureFile.Find(path) is { } signature)
        {
            return [records.CheckFiles(ReadSmall(path, Workbench.MaxStatementBytes), ReadSmall(signature, MaxSignatureBytes))];
        }

        var runs = workbench.Finder.FilesByDigest(hex)
            .Where(match => match.Role is FileRole.Generated or FileRole.Stdout)
            .Select(match => match.Run).Distinct().ToList();
        return runs.Count > 0
            ? runs.Select(run => records.Check(workbench.Finder.Get(run.Hex)))
            : throw RecordNotFoundException.OfFile(path);
    }

    private static IEnumerable<RecordVerification> All(Workbench workbench, RecordChecks records)
    {
        var finder = workbench.Finder;
        var runs = finder.Runs(new RunQuery { Limit = int.MaxValue });
        // Layers are read with their image's own record: once, not with each run.
        return finder.Images(int.MaxValue).Select(image => image.Record)
            .Concat(runs.Select(run => run.Record))
            .Concat(Others.SelectMany(kind => finder.RecordsOf(kind, int.MaxValue)).Select(row => row.Record))
            .SelectMany(record => finder.EndorsementsOf(record).Select(endorsement => endorsement.Record).Prepend(record))
            .Distinct()
            .Select(record => records.Check(finder.Get(record.Hex), VerificationScope.Record))
            .Concat(finder.Unread().Select(one => RecordVerifier.Unreadable(one.Record, one.Reason)));
    }

    private int Report(CommandCall call, IEnumerable<RecordVerification> verifications)
    {
        int failed = 0;
        var worst = VerificationVerdict.Good;
        int count = 0;
        var documents = new List<VerificationReport>();
        foreach (var verification in verifications)
        {
            count++;
            failed += verification.Holds ? 0 : 1;
            worst = Worse(worst, verification.Verdict);
            if (call.Value(_json))
            {
                documents.Add(VerificationReport.Of(verification));
            }
            else if (!verification.Holds || !call.Value(_quiet))
            {
                VerificationPage.Print(verification, call.Terminal);
            }
        }

        if (call.Value(_json))
        {
            call.Terminal.Raw(JsonText.Of(documents.ToArray(), CliJson.Default.VerificationReportArray));
        }
        else if (call.Value(_all) && !call.Value(_quiet))
        {
            call.Terminal.Line($"{Readable.Count(count, "record", "records")}, {failed} do not hold");
        }

        return worst switch
        {
            VerificationVerdict.Good => ExitCodes.Success,
            VerificationVerdict.Untrusted => ExitCodes.Refused,
            VerificationVerdict.Incomplete => ExitCodes.Incomplete,
            _ => ExitCodes.Differs,
        };
    }

    /// <summary>Bad is worse than untrusted, that worse than incomplete.</summary>
    private static VerificationVerdict Worse(VerificationVerdict one, VerificationVerdict other) =>
        one == VerificationVerdict.Good ? other : other == VerificationVerdict.Good || one < other ? one : other;

    private static string HexOf(string path)
    {
        using var file = File.OpenRead(path);
        return Digest.Of(file).Hex;
    }

    private static byte[] ReadSmall(string path, int maxBytes)
    {
        using var file = File.OpenRead(path);
        if (file.Length > maxBytes)
        {
            throw new UsageException($"'{path}' has {file.Length} bytes, at most {maxBytes} are read");
        }

        byte[] content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }
}
