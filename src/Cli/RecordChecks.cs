using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;

namespace Provenance.Cli;

/// <summary>Verifies records of the archive, and statements that lie elsewhere, by what is trusted in the archive.</summary>
/// <param name="workbench">With the archive.</param>
/// <param name="log">Asks the log; null for the archive's own.</param>
internal sealed class RecordChecks(Workbench workbench, LogCheck? log = null)
{
    private readonly TrustedCertificates _trusted = TrustedCertificates.Load(workbench.Layout);

    /// <param name="row">The record.</param>
    /// <param name="scope">For a run, whether the layers of its image are read as well.</param>
    public RecordVerification Check(RecordRow row, VerificationScope scope = VerificationScope.RecordAndImage) =>
        new RecordVerifier(workbench.Blobs, _trusted, workbench.Time)
            .Verify(row.Record, row.Signature, scope, log ?? workbench.Finder.CheckLog);

    /// <summary>Of a record outside the archive, what it names is not looked for.</summary>
    public RecordVerification CheckFiles(byte[] statement, byte[] signature)
    {
        var verification = CmsVerifier.Verify(statement, signature, _trusted, workbench.Time.GetUtcNow());
        bool valid = verification.Outcome == SignatureOutcome.Valid;
        return new RecordVerification
        {
            Record = Digest.Of(statement),
            Kind = KindOf(statement),
            Signature = verification,
            Checks =
            [
                Fact("signature", valid, valid ? $"valid, {verification.Algorithm}" : verification.Problem),
                Fact("identity", valid, verification.Signer is { } signer ? $"{signer.Name}, certificate {signer.Fingerprint}" : "nobody"),
                Fact("trust", verification.IsTrusted, verification.Trust?.Reason ?? "nobody to trust"),
                Absent("log", "a file outside the archive is in no log of it"),
                Absent("bytes", "what it names is not looked for outside an archive"),
            ],
        };
    }

    private static RecordKind? KindOf(byte[] statement)
    {
        try
        {
            return RecordJson.KindOf(statement);
        }
        catch (RecordFormatException)
        {
            return null;
        }
    }

    private static VerificationCheck Fact(string name, bool holds, string? detail) =>
        new() { Name = name, Outcome = holds ? CheckOutcome.Ok : CheckOutcome.Failed, Detail = detail ?? "" };

    private static VerificationCheck Absent(string name, string detail) =>
        new() { Name = name, Outcome = CheckOutcome.Absent, Detail = detail };
}
