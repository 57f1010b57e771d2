using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Catalog;

/// <summary>Keeps the revocation lists that are in trust/ as records, so that they are sealed, travel in bundles, and are still there in ten years.</summary>
/// <remarks>Authorities publish the newest list alone, and end some day. A list is kept once, whatever it is called.</remarks>
/// <param name="blobs">The archive.</param>
/// <param name="sync">Makes names durable.</param>
/// <param name="clock">For signing time and time stamps.</param>
/// <param name="recorder">This program.</param>
public sealed class RevocationKeeper(BlobStore blobs, FolderSync sync, TimeProvider clock, Recorder recorder)
{
    /// <summary>Whether there is a list that is not kept yet.</summary>
    /// <exception cref="TrustException">A file in keys/ or trust/ cannot be read.</exception>
    public bool IsNeeded => Directory.Exists(blobs.Layout.Trust) && Directory.EnumerateFiles(blobs.Layout.Trust, "*.crl").Any() && Unkept().Count > 0;

    /// <summary>Acknowledges a record of each list that is not kept yet; they are sequenced with whatever else waits.</summary>
    /// <param name="key">Signs. What a list says is its authority's word, whoever keeps it.</param>
    /// <returns>What is to be said. That a list could not be kept is said as well: the record it was kept for is none the worse for it.</returns>
    public IReadOnlyList<string> Keep(SigningKey key)
    {
        try
        {
            return IsNeeded ? [.. Unkept().SelectMany(list => Keep(list.Der, list.Issuer, key))] : [];
        }
        catch (Exception e) when (e is ArchiveException or IOException or UnauthorizedAccessException)
        {
            return [$"the revocation lists in trust/ are not kept: {e.Message}"];
        }
    }

    private IReadOnlyList<string> Keep(byte[] list, byte[] issuer, SigningKey key)
    {
        using var batch = new BlobBatch(blobs);
        var unsigned = RevocationStatement.Of(new RevocationRecord
        {
            Recorder = recorder,
            List = batch.Put(MediaTypes.RevocationList, list),
            Issuer = Digest.Of(issuer).Hex,
        });
        byte[] statement = RecordJson.Serialize(unsigned with { Signer = key.Signer.PublicKey });
        var signature = new StatementSigner(blobs.Layout, clock).Sign(statement, key);
        new RecordIntake(blobs, sync).Acknowledge(RecordKind.Revocation, statement, signature.P7s, batch);
        return signature.Warnings;
    }

    private List<(byte[] Der, byte[] Issuer)> Unkept() =>
        [.. TrustedCertificates.Load(blobs.Layout).RevocationLists.All.Where(list => !blobs.Contains(Digest.Of(list.Der)))];
}
