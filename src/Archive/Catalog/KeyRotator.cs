using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Catalog;

/// <summary>Makes a key that follows another, says so with both, and signs with the new one from then on.</summary>
/// <remarks>
/// 1 the old key is trusted here at this time, else nobody would believe it · 2 the new key is made and kept, and does nothing yet · 3 the statement is
/// signed with the old key and acknowledged · 4 the new key endorses it · 5 the new key takes the old one's place. Killed before 5, the old key
/// goes on, and the new one lies unused.
/// </remarks>
/// <param name="blobs">The archive.</param>
/// <param name="sync">Makes names durable.</param>
/// <param name="clock">For signing time and time stamps.</param>
/// <param name="recorder">This program.</param>
public sealed class KeyRotator(BlobStore blobs, FolderSync sync, TimeProvider clock, Recorder recorder)
{
    /// <param name="algorithm">Of the new key.</param>
    /// <param name="encrypted">Whether it is encrypted; by the passphrase of the others.</param>
    /// <param name="second">Of the second key, and not of the one that signs.</param>
    /// <exception cref="TrustException">There is no such key, it is withdrawn or over, or takes a passphrase that there is not.</exception>
    public KeyRotation Rotate(KeyAlgorithm algorithm, bool encrypted, bool second)
    {
        var keys = new KeyStore(blobs.Layout, sync, clock);
        using var old = (second ? keys.FindSecond() : keys.Find())
            ?? throw new TrustException(blobs.Layout.Keys, second ? "has no second key" : "has no key that signs");

        // :: Step 1
        var trust = TrustedCertificates.Load(blobs.Layout).Judge(old.Certificate, old.Chain, clock.GetUtcNow());
        if (!trust.IsTrusted)
        {
            throw new TrustException(blobs.Layout.Keys, $"the key of {old.Signer.Name} can have no successor: {trust.Reason}");
        }

        // :: Step 2
        using var made = keys.Prepare(old.Signer, algorithm, encrypted);
        var unsigned = RotationStatement.Of(new RotationRecord
        {
            Recorder = recorder,
            Old = LeafBlob.Of(old.Certificate.RawDataMemory.Span),
            New = LeafBlob.Of(made.Certificate.RawDataMemory.Span),
        });
        byte[] statement = RecordJson.Serialize(unsigned with { Signer = old.Signer.PublicKey });

        // :: Step 3
        var signature = new StatementSigner(blobs.Layout, clock).Sign(statement, old);
        var rotation = new RecordIntake(blobs, sync).Acknowledge(RecordKind.Rotation, statement, signature.P7s);

        // :: Step 4
        var (_, warnings) = new Endorser(blobs, sync, clock, recorder).Endorse(RecordKind.Rotation, statement, made);

        // :: Step 5
        keys.Choose(made.Signer.Fingerprint, second);
        return new KeyRotation(rotation, old.Signer, made.Signer, [.. signature.Warnings, .. warnings]);
    }
}
