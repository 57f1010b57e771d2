using System.CommandLine;
using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Transparency;
using Provenance.Cli.Options;
using Provenance.Runtime.Native;

namespace Provenance.Cli.Commands;

/// <summary><c>prov log audit</c>: follows a log, and may sign as a witness what it found.</summary>
internal sealed class LogAuditCommand : CliCommand
{
    private readonly Argument<string?> _log = new("LOG")
    {
        Description = "an archive, the folder of a log, or the address it is served below (http:// or https://) [this archive's log]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _key = SharedOptions.Single(
        "--key", null, "VKEY", "the log's verifier key, or a file with it [as last time; else from trust/*.vkey; else what the log itself says]");

    private readonly Option<string> _state = SharedOptions.Single(
        "--state", null, "FILE", "keep there what was seen [in the archive's folder audits/, by the log's place]");

    private readonly Option<bool> _all = new("--all") { Description = "read old entries again as well" };

    private readonly Option<string> _witnessKey = SharedOptions.Single(
        "--witness-key", null, "FILE", "when all is well, cosign the checkpoint with this key (see prov log witness), and print it");

    private readonly Option<bool> _json = SharedOptions.Json();

    public LogAuditCommand()
        : base("audit", "check that a log only grew since it was last seen, and that its entries are what it commits to")
    {
        Arguments.Add(_log);
        Options.Add(_key);
        Options.Add(_state);
        Options.Add(_all);
        Options.Add(_witnessKey);
        Options.Add(_json);
    }

    public override string Remarks => """
        Exit status
          0    consistent: as it was, or grown at its end
          1    damaged: a file is missing or is not what the checkpoint commits to
          3    refused: no checkpoint, another log's, or not signed by the log's key
          5    forked or rewritten: the log's key has signed two histories. Both notes are kept beside the state
          6    rolled back: entries that were seen are gone from its end. Both notes are kept beside the state

        What was seen is replaced only when all is well. Run it regularly, on a machine that those who keep the log do not keep.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov log audit /srv/lab1/prov --key lab1.vkey", "follow another archive"),
        new("prov log audit https://prov.example.org/log", "one that is served; its key is taken on its word, once"),
        new("prov log audit /srv/lab1/prov --witness-key lab2.pem > cosigned.note", "as a witness: what lab 1 then gives to prov log cosign"),
    ];

    public override int Execute(CommandCall call)
    {
        string place = FindPlace(call);
        var known = KnownKeys.Load(call.Workbench.Layout);
        var witness = call.Value(_witnessKey) is { } file ? LogKeyStore.ReadWitness(file) : null;
        var files = LogPlace.Open(place);
        using var state = FollowedLogFile.Open(
            call.Value(_state) ?? FollowedLogFile.DefaultPath(call.Workbench.Layout, place), Files.SyncFolder);
        var followed = state.Find();
        var key = ChooseKey(call, files, followed, known);
        var report = call.Terminal.WithProgress("reading the log", show => new LogAuditor(files, key, known).Audit(
            followed?.Seen,
            call.Value(_all),
            new Teller<long>(count => show(new ProgressStep(count, null, $"reading the log: {count} entries"))),
            CancellationToken.None));
        string? evidence = Remember(state, key, report);
        Print(call, AuditSummary.Of(place, key, report, evidence), report, isNote: witness is not null);
        if (witness is not null && report.Outcome == AuditOutcome.Consistent)
        {
            // The state is kept by now: a witness signs nothing that it could forget.
            var cosigned = report.Found!.With(witness.Cosign(report.Found.Note.Text, call.Workbench.Time.GetUtcNow()));
            call.Terminal.Raw(cosigned.ToBytes());
        }

        return ExitCode(report.Outcome);
    }

    /// <summary>Another's log may be followed from a machine that has no archive yet; one is made for what was seen.</summary>
    private string FindPlace(CommandCall call)
    {
        if (call.Value(_log) is not { } log)
        {
            ArchiveFolder.Require(call.Workbench.Layout);
            return LogPlace.NameOf(call.Workbench.Layout.Root);
        }

        string place = LogPlace.NameOf(log);
        if (!LogPlace.IsAddress(place) && !Directory.Exists(place))
        {
            throw new LogException($"log '{log}': there is no such folder");
        }

        if (call.Value(_state) is null)
        {
            ArchiveFolder.RequireOrNothing(call.Workbench.Layout);
        }

        return place;
    }

    private static string? Remember(FollowedLogFile state, VerifierKey key, AuditReport report)
    {
        if (report.Outcome == AuditOutcome.Consistent)
        {
            state.Keep(new FollowedLog(report.Successor ?? key, report.Found!));
        }

        return report.IsEvidence ? state.KeepEvidence(report.Seen!, report.Found!) : null;
    }

    private VerifierKey ChooseKey(CommandCall call, ILogFiles files, FollowedLog? followed, KnownKeys known)
    {
        var given = call.Value(_key) is { } text ? ReadKey(text) : null;
        if (followed is not null && given is not null && given != followed.Key)
        {
            throw new UsageException($"option '--key': this log is followed by the key '{followed.Key.Label}'");
        }

        return given ?? followed?.Key ?? FindKnown(files, known) ?? TakeOnItsWord(call, files);
    }

    private static VerifierKey ReadKey(string text)
    {
        var key = !File.Exists(text) ? ParseKey(text)
            : KnownKeys.ReadFile(text) is [var only] ? only
            : throw new UsageException($"option '--key': '{text}' does not hold one key");
        return key.Role == NoteKeyRole.Log ? key : throw new UsageException($"option '--key': '{key.Label}' is a witness's key");
    }

    private static VerifierKey ParseKey(string text)
    {
        try
        {
            return VerifierKey.Parse(text);
        }
        catch (LogException e)
        {
            throw new UsageException($"option '--key': there is no such file, and as a key: {e.Message}");
        }
    }

    private static VerifierKey? FindKnown(ILogFiles files, KnownKeys known)
    {
        try
        {
            var found = files.FindCheckpoint() is { } bytes ? SignedCheckpoint.Parse(bytes) : null;
            var named = known.Logs.Where(key => key.Name == found?.Checkpoint.Origin).ToList();
            return named.Find(key => found!.Note.Signatures.Any(key.Matches)) ?? named.FirstOrDefault();
        }
        catch (LogException)
        {
            return null; // the audit says what is wrong with it
        }
    }

    private static VerifierKey TakeOnItsWord(CommandCall call, ILogFiles files)
    {
        byte[] line = files.FindVerifierKey() ?? throw new UsageException("the log's key is not known and the log does not say it: give --key");
        var key = VerifierKey.Parse(Encoding.UTF8.GetString(line).TrimEnd('\n'));
        call.Terminal.Warning($"the log's key '{key.Label}' is taken on its word, this once; --key names the one to expect");
        return key;
    }

    private void Print(CommandCall call, AuditSummary summary, AuditReport report, bool isNote)
    {
        if (call.Value(_json) && !isNote)
        {
            call.Terminal.Raw(JsonText.Of(summary, CliJson.Default.AuditSummary));
            return;
        }

        Action<string> print = isNote ? call.Terminal.Note : text => call.Terminal.Line(text);
        print($"{Word(report.Outcome)}: {report.Message}");
        if (report is { Outcome: AuditOutcome.Consistent, Successor: { } successor })
        {
            print($"its key was followed by '{successor}', which the key known before has signed: it is expected from now on");
        }

        foreach (var by in report.Signatures?.Cosignatures ?? [])
        {
            print($"cosigned by {by.Witness.Name} on {Readable.Time(by.Time)}");
        }

        if (summary.Evidence is { } folder)
        {
            print($"both notes are kept in '{folder}'");
        }
    }

    private static string Word(AuditOutcome outcome) => outcome switch
    {
        AuditOutcome.Consistent => "consistent",
        AuditOutcome.Damaged => "damaged",
        AuditOutcome.Malformed => "no checkpoint",
        AuditOutcome.WrongOrigin => "another log",
        AuditOutcome.NotSigned => "not signed",
        AuditOutcome.Forked => "forked",
        AuditOutcome.Rewritten => "rewritten",
        _ => "rolled back",
    };

    private static int ExitCode(AuditOutcome outcome) => outcome switch
    {
        AuditOutcome.Consistent => ExitCodes.Success,
        AuditOutcome.Damaged => ExitCodes.Differs,
        AuditOutcome.Forked or AuditOutcome.Rewritten => ExitCodes.Forked,
        AuditOutcome.RolledBack => ExitCodes.RolledBack,
        _ => ExitCodes.Refused,
    };
}
