using Provenance.Archive.Catalog;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Provenance.Runtime.Native;

namespace Provenance.Cli;

/// <summary>Verifies records of the archive, and statements that lie elsewhere, by what is trusted in the archive.</summary>
internal sealed class RecordChecks
{
    private readonly Workbench _workbench;
    private readonly LogCheck? _log;
    private readonly RecordVerifier _verifier;
    private readonly SealCheck _seals;

    /// <param name="workbench">With the archive.</param>
    /// <param name="policy">In place of the archive's own; null for that.</param>
    /// <param name="log">Asks the log; null for the archive's own.</param>
    /// <param name="origin">Asks what other logs prove; null for what the archive keeps of it.</param>
    public RecordChecks(Workbench workbench, TrustPolicy? policy = null, LogCheck? log = null, OriginLookup? origin = null)
    {
        _workbench = workbench;
        _log = log;
        var trusted = TrustedCertificates.Load(workbench.Layout, policy);
        _seals = new SealCheck(workbench.Layout, Files.SyncFolder, trusted.Time);
        _verifier = new RecordVerifier(workbench.Blobs, trusted, workbench.Time, workbench.Finder.Evidence(_seals))
        {
            Origin = origin ?? workbench.Finder.CheckOrigins,
        };
    }

    /// <param name="row">The record.</param>
    /// <param name="scope">For a run, whether the layers of its image are read as well.</param>
    public RecordVerification Check(RecordRow row, VerificationScope scope = VerificationScope.RecordAndImage) => _verifier.Verify(
        row.Record,
        row.Signature,
        scope,
        _log ?? _workbench.Finder.CheckLog,
        (record, signature) => _workbench.Finder.FindSeal(record, signature, _seals),
        _workbench.Finder.FindEndorsements);

    /// <summary>Of a record outside the archive, what it names is not looked for.</summary>
    public RecordVerification CheckFiles(byte[] statement, byte[] signature) => _verifier.VerifyFiles(statement, signature);
}
