using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Catalog;

/// <summary>Signs endorsements and acknowledges them; they are sequenced with whatever else waits.</summary>
/// <param name="blobs">The archive.</param>
/// <param name="sync">Makes names durable.</param>
/// <param name="clock">For signing time and time stamps.</param>
/// <param name="recorder">This program.</param>
public sealed class Endorser(BlobStore blobs, FolderSync sync, TimeProvider clock, Recorder recorder)
{
    /// <param name="kind">Of the record that is endorsed.</param>
    /// <param name="statement">Its exact bytes. That the record is good is for the caller to see.</param>
    /// <param name="key">Whose name the endorsement will bear.</param>
    /// <param name="comment">Null for none.</param>
    /// <returns>The endorsement's name, and what is to be said of its signature.</returns>
    /// <exception cref="ArchiveException">The archive does not take it.</exception>
    public (Digest Endorsement, IReadOnlyList<string> Warnings) Endorse(
        RecordKind kind, ReadOnlySpan<byte> statement, SigningKey key, string? comment = null)
    {
        var unsigned = EndorsementStatement.Of(new EndorsementRecord
        {
            Recorder = recorder,
            Kind = kind,
            Record = LeafBlob.Of(statement),
            Certificate = key.Signer.Fingerprint,
            Comment = comment,
        });
        byte[] bytes = RecordJson.Serialize(unsigned with { Signer = key.Signer.PublicKey });
        var signature = new StatementSigner(blobs.Layout, clock).Sign(bytes, key);
        return (new RecordIntake(blobs, sync).Acknowledge(RecordKind.Endorsement, bytes, signature.P7s), signature.Warnings);
    }

    /// <summary>Endorses with the archive's second key a record that is acknowledged; does nothing where there is no such key.</summary>
    /// <returns>What is to be said. That it could not be done is said as well: the record is none the worse for it.</returns>
    public IReadOnlyList<string> EndorseBySecondKey(RecordKind kind, ReadOnlySpan<byte> statement)
    {
        try
        {
            using var key = new KeyStore(blobs.Layout, sync, clock).FindSecond();
            return key is null ? [] : Endorse(kind, statement, key).Warnings;
        }
        catch (Exception e) when (e is ArchiveException or IOException or UnauthorizedAccessException)
        {
            return [$"no second signature: {e.Message}"];
        }
    }
}
