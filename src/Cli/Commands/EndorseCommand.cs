using System.CommandLine;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;
using Provenance.Cli.Options;

namespace Provenance.Cli.Commands;

/// <summary><c>prov endorse</c>: a further signature under a record.</summary>
internal sealed class EndorseCommand : CliCommand
{
    private readonly Argument<string> _what = new("ID") { Description = "a run, a replay or an image: the first digits of its id, or an image's name" };

    private readonly Option<string> _comment = SharedOptions.Single(
        "--comment", null, "TEXT", $"what you have to say of it, in one line of at most {EndorsementRecord.MaxComment} characters; it is signed too");

    private readonly Option<bool> _quiet = SharedOptions.Quiet("print only the endorsement's id");

    public EndorseCommand()
        : base("endorse", "sign a record of somebody else too, or once more with another key")
    {
        Arguments.Add(_what);
        Options.Add(_comment);
        Options.Add(_quiet);
    }

    public override string Remarks => """
        The record is verified first, all of its bytes and those of its image: what does not hold is not endorsed. The endorsement is a
        record of its own, in the log like the others, and travels in every bundle of what it endorses. 'prov verify' tells who
        endorsed; a policy can require it ([require] signers = 2).
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov endorse 7f3a9c --comment 'replayed on our cluster'", "your name under somebody's run"),
        new("prov endorse debian-sci", "under an image, before others may use it"),
    ];

    public override int Execute(CommandCall call)
    {
        string? comment = call.Value(_comment);
        if (comment is not null && !EndorsementStatement.IsComment(comment))
        {
            throw new UsageException($"option '--comment': expected one line of 1 to {EndorsementRecord.MaxComment} characters");
        }

        var workbench = call.Workbench;
        var row = NamedRecord.Get(workbench, call.Value(_what)!);
        if (row.Kind == RecordKind.Endorsement)
        {
            throw new UsageException($"'{row.Record.Abbreviated}' is an endorsement, expected a run, a replay or an image");
        }

        var verification = new RecordChecks(workbench, TrustPolicy.Open).Check(row);
        if (verification.Verdict is VerificationVerdict.Bad or VerificationVerdict.NotUnderstood or VerificationVerdict.Incomplete)
        {
            var check = verification.Checks.First(check =>
                check.Outcome is CheckOutcome.Failed or CheckOutcome.NotUnderstood or CheckOutcome.Incomplete && check.Name != "trust");
            call.Terminal.Error($"record '{row.Record.Abbreviated}' does not hold and is not endorsed: {check.Name}: {check.Detail}");
            return verification.Verdict == VerificationVerdict.Incomplete ? ExitCodes.Incomplete : ExitCodes.Differs;
        }

        workbench.EnsureKey();
        using var key = workbench.Keys.Find() ?? throw new TrustException(workbench.Layout.Keys, "has no key that signs");
        if (verification.Signature.Signer!.Fingerprint == key.Signer.Fingerprint)
        {
            throw new UsageException($"record '{row.Record.Abbreviated}' is signed with this key already; another key or another person can endorse it");
        }

        if (workbench.Finder.EndorsementsOf(row.Record).FirstOrDefault(
                known => known.SignerCertificate == key.Signer.Fingerprint && known.Comment == comment) is { } known)
        {
            Tell(call, known.Record, $"{key.Signer.Name} has endorsed {StatementTypes.NameOf(row.Kind)} {row.Record.Abbreviated} already");
            return ExitCodes.Success;
        }

        using var lease = WriterLease.TryTake(workbench.Layout);
        byte[] statement = workbench.Blobs.Read(row.Record, Workbench.MaxStatementBytes);
        var (endorsement, warnings) = workbench.Endorser.Endorse(row.Kind, statement, key, comment);
        foreach (string warning in warnings)
        {
            call.Terminal.Warning(warning);
        }

        workbench.Sequence();
        string signed = verification.Verdict == VerificationVerdict.Untrusted ? ", whose signer is not trusted here" : "";
        Tell(call, endorsement, $"{key.Signer.Name} endorses {StatementTypes.NameOf(row.Kind)} {row.Record.Abbreviated}{signed}");
        return ExitCodes.Success;
    }

    private void Tell(CommandCall call, Digest endorsement, string sentence)
    {
        if (!call.Value(_quiet))
        {
            call.Terminal.Note(sentence);
        }

        call.Terminal.Line(endorsement.Hex);
    }
}
