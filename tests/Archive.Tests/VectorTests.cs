using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Images;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Exchange;
using Provenance.Archive.Tests.Images;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Tests.Trust;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Xunit;

namespace Provenance.Archive.Tests;

/// <summary>The test vectors of schema/FORMAT.d/vectors.md are what the program makes, and what it reads.</summary>
public sealed class VectorTests : IDisposable
{
    private const string Text = """{ "z": [1, true, {}], "\u00e4": "\u20ac \/ \"\\\u000a", "a": { "\ud83d\ude00": -7, "b": "" }, "A": false }""";

    private static readonly string[] OfTheProgram =
        [BundleNames.Readme, BundleNames.RoCrate, BundleNames.ProvJson, BundleNames.Script];

    private readonly Receiver _archive = new();
    private readonly Receiver _reader = new();

    private static byte[] Statement => Bytes(VectorPage.Block("statement"));

    private static byte[] Signature => Convert.FromBase64String(VectorPage.BlockOr("signature", () =>
    {
        using var key = Key();
        return VectorPage.Base64(CmsSigner.Sign(RecordJson.Serialize(RecordSamples.Image()), key, new FakeTimeProvider(TestCertificates.Now)));
    }));

    public void Dispose()
    {
        _archive.Dispose();
        _reader.Dispose();
    }

    [Fact]
    public void Canonical_JSON()
    {
        VectorPage.Check("json-text", Text);
        byte[] canonical = CanonicalJson.Canonicalize(Bytes(Text));
        VectorPage.Check("json-canonical", Encoding.UTF8.GetString(canonical));
        VectorPage.Check("json-digests", DigestsOf(canonical));

        Assert.True(CanonicalJson.IsCanonical(Bytes(VectorPage.Block("json-canonical"))));
        Assert.False(CanonicalJson.IsCanonical(Bytes(VectorPage.Block("json-text"))));
    }

    [Fact]
    public void A_statement()
    {
        byte[] made = RecordJson.Serialize(RecordSamples.Image());
        VectorPage.Check("statement", Encoding.UTF8.GetString(made));
        VectorPage.Check("statement-digests", DigestsOf(made));

        Assert.Equal(made, RecordJson.Serialize(RecordJson.ParseImage(Statement)));
    }

    [Fact]
    public void A_signature()
    {
        using var key = Key();
        var verified = CmsVerifier.Verify(Statement, Signature, Trusting(key), TestCertificates.Now);
        Assert.Equal(SignatureOutcome.Valid, verified.Outcome);
        Assert.Equal((key.Signer.Fingerprint, true, TestCertificates.Now), (verified.Signer!.Fingerprint, verified.IsTrusted, verified.ClaimedTime));
        byte[] other = Statement;
        other[^2] ^= 1;
        Assert.Equal(SignatureOutcome.Wrong, CmsVerifier.Verify(other, Signature, Trusting(key), TestCertificates.Now).Outcome);

        var again = CmsReader.Read(CmsSigner.Sign(Statement, key, new FakeTimeProvider(TestCertificates.Now)));
        var vector = CmsReader.Read(Signature);
        Assert.Equal(vector.SignedAttributes, again.SignedAttributes);
        Assert.Equal(vector.Certificates, again.Certificates);
        Assert.Equal((vector.DigestAlgorithm.Oid, vector.SignatureAlgorithm.Oid), (again.DigestAlgorithm.Oid, again.SignatureAlgorithm.Oid));
        Assert.Empty(vector.TimestampTokens);
    }

    [Fact]
    public void A_statement_that_names_its_signer()
    {
        using var key = Key();
        byte[] made = RecordJson.Serialize(RecordSamples.Image() with { Signer = key.Signer.PublicKey });
        VectorPage.Check("bound-statement", Encoding.UTF8.GetString(made));
        byte[] statement = Bytes(VectorPage.Block("bound-statement"));
        var clock = new FakeTimeProvider(TestCertificates.Now);
        string signature = VectorPage.BlockOr("bound-signature", () => VectorPage.Base64(CmsSigner.Sign(made, key, clock)));
        string squatting = VectorPage.BlockOr("squatting-signature", () =>
        {
            using var other = SigningKey.Create("Mallory Example", TestCertificates.Now);
            return VectorPage.Base64(CmsSigner.Sign(made, other, clock));
        });

        Assert.Equal(SignatureOutcome.Valid, Verify(signature).Outcome);
        Assert.Equal(SignatureOutcome.Wrong, Verify(squatting).Outcome);
        Assert.StartsWith("is by another key than the statement names: ", Verify(squatting).Problem, StringComparison.Ordinal);

        SignatureVerification Verify(string p7s) =>
            CmsVerifier.Verify(statement, Convert.FromBase64String(p7s), Trusting(key), TestCertificates.Now);
    }

    [Fact]
    public void An_entry_of_the_log()
    {
        byte[] entry = new LogLeaf { Kind = RecordKind.Image, Record = LeafBlob.Of(Statement), Signature = LeafBlob.Of(Signature) }.ToBytes();
        VectorPage.Check("entry", Encoding.UTF8.GetString(entry));
        VectorPage.Check("leaf", Convert.ToHexStringLower(MerkleTree.HashLeaf(entry)));

        Assert.Equal(Digest.Of(Statement), LogLeaf.Parse(Bytes(VectorPage.Block("entry"))).Record.Digest);
    }

    [Fact]
    public void A_bundle()
    {
        foreach (string content in new[] { "manifest", "index", "config", "layer", "tree" })
        {
            _archive.Blobs.Put(MediaTypes.OctetStream, Bytes(content));
        }

        var record = new RecordIntake(_archive.Blobs, Catalog.SampleArchive.Sync).Accept(RecordKind.Image, Statement, Signature);
        byte[] tar = Export(record);
        var files = BundleFiles.Of(tar);
        VectorPage.Check("bundle-manifest", Encoding.UTF8.GetString(files[BundleNames.Manifest]));
        VectorPage.Check("bundle-files", string.Join('\n', files.Names.Select(name => Line(name, files[name]))));
        VectorPage.Check("bundle-header", VectorPage.Base64(tar[..512]));

        Assert.Equal(record, Assert.Single(_reader.Import(tar).Records).Record);
        Assert.True(_reader.Blobs.Contains(Digest.Of("layer"u8)));
    }

    [Fact]
    public void The_bundle_of_the_vectors_alone_is_read()
    {
        var tar = TarBuilder.New().Entry('0', BundleNames.Manifest, Bytes(VectorPage.Block("bundle-manifest")));
        byte[][] blobs = [Statement, Signature, .. new[] { "manifest", "index", "config", "layer", "tree" }.Select(Bytes)];
        foreach (byte[] blob in blobs.OrderBy(blob => Digest.Of(blob).Hex, StringComparer.Ordinal))
        {
            tar.Entry('0', BundleNames.Blob(Digest.Of(blob)), blob);
        }

        var imported = Assert.Single(_reader.Import(tar.Build()).Records);

        Assert.Equal((Digest.Of(Statement), RecordKind.Image), (imported.Record, imported.Kind));
        Assert.Equal(VectorPage.Block("statement-digests").Split('\n')[0], $"SHA-256 {imported.Record.Hex}");
    }

    private byte[] Export(Digest record)
    {
        using var finder = _archive.Finder();
        var names = new ImageNames(_archive.Layout, _archive.Blobs, Catalog.SampleArchive.Sync);
        var tar = new MemoryStream();
        new BundleExporter(_archive.Blobs).Write(
            new BundlePlanner(_archive.Blobs, finder, names).Plan([finder.Get(record.Hex)], new ExportOptions()),
            new BundlePacking(), tar, null, CancellationToken.None);
        return tar.ToArray();
    }

    private static string Line(string name, byte[] content) => OfTheProgram.Contains(name)
        ? name
        : string.Create(CultureInfo.InvariantCulture, $"{name} {content.Length} {Digest.Of(content).Hex}");

    private static string DigestsOf(byte[] content) =>
        $"SHA-256 {Digest.Of(content).Hex}\nSHA-512 {Convert.ToHexStringLower(SHA512.HashData(content))}\nsize {content.Length.ToString(CultureInfo.InvariantCulture)}";

    private static SigningKey Key()
    {
        string pem = VectorPage.BlockOr("key", () =>
        {
            using var made = SigningKey.Create("Ada Example", TestCertificates.Now);
            VectorPage.BlockOr("certificate", () => made.Certificate.ExportCertificatePem());
            using var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(made.Certificate)!;
            return key.ExportPkcs8PrivateKeyPem();
        });
        return SigningKey.FromPem(VectorPage.Block("certificate"), pem);
    }

    private TrustedCertificates Trusting(SigningKey key)
    {
        Directory.CreateDirectory(_archive.Layout.Trust);
        File.WriteAllText(Path.Combine(_archive.Layout.Trust, "ada.pem"), key.Certificate.ExportCertificatePem() + "\n");
        return TrustedCertificates.Load(_archive.Layout);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
