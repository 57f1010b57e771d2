using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Catalog;

/// <summary>Says in a signed record that another is shown no longer, and why.</summary>
/// <param name="blobs">The archive.</param>
/// <param name="sync">Makes names durable.</param>
/// <param name="clock">For signing time and time stamps.</param>
/// <param name="recorder">This program.</param>
public sealed class TombstoneWriter(BlobStore blobs, FolderSync sync, TimeProvider clock, Recorder recorder)
{
    /// <param name="kind">Of the record that is taken down.</param>
    /// <param name="statement">Its exact bytes.</param>
    /// <param name="key">The archive's own: another's would do nothing.</param>
    /// <param name="reason">One line; everybody reads it.</param>
    /// <returns>The tombstone's name, and what is to be said of its signature.</returns>
    /// <exception cref="ArchiveException">The archive does not take it.</exception>
    public (Digest Tombstone, IReadOnlyList<string> Warnings) TakeDown(RecordKind kind, ReadOnlySpan<byte> statement, SigningKey key, string reason)
    {
        var unsigned = TombstoneStatement.Of(new TombstoneRecord
        {
            Recorder = recorder,
            Kind = kind,
            Record = LeafBlob.Of(statement),
            Certificate = key.Signer.Fingerprint,
            Reason = reason,
        });
        byte[] bytes = RecordJson.Serialize(unsigned with { Signer = key.Signer.PublicKey });
        var signature = new StatementSigner(blobs.Layout, clock).Sign(bytes, key);
        return (new RecordIntake(blobs, sync).Acknowledge(RecordKind.Tombstone, bytes, signature.P7s), signature.Warnings);
    }
}
