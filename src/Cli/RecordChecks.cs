using Provenance.Archive.Catalog;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Provenance.Runtime.Native;

namespace Provenance.Cli;

/// <summary>Verifies records of the archive, and statements that lie elsewhere, by what is trusted in the archive.</summary>
/// <param name="workbench">With the archive.</param>
/// <param name="policy">In place of the archive's own; null for that.</param>
/// <param name="log">Asks the log; null for the archive's own.</param>
internal sealed class RecordChecks(Workbench workbench, TrustPolicy? policy = null, LogCheck? log = null)
{
    private readonly SealCheck _seals = new(workbench.Layout, Files.SyncFolder, TimestampAuthorities.Load(workbench.Layout));
    private readonly RecordVerifier _verifier = new(workbench.Blobs, TrustedCertificates.Load(workbench.Layout, policy), workbench.Time);

    /// <param name="row">The record.</param>
    /// <param name="scope">For a run, whether the layers of its image are read as well.</param>
    public RecordVerification Check(RecordRow row, VerificationScope scope = VerificationScope.RecordAndImage) =>
        _verifier.Verify(
            row.Record, row.Signature, scope, log ?? workbench.Finder.CheckLog, (record, signature) => workbench.Finder.FindSeal(record, signature, _seals));

    /// <summary>Of a record outside the archive, what it names is not looked for.</summary>
    public RecordVerification CheckFiles(byte[] statement, byte[] signature) => _verifier.VerifyFiles(statement, signature);
}
