using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CsCheck;
using Provenance.Archive.Content;
using Provenance.Archive.Distribution;
using Provenance.Archive.Exchange;
using Provenance.Archive.Images;
using Provenance.Archive.Images.Packages;
using Provenance.Archive.Images.Packings;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Exchange;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Tests.Trust;
using Provenance.Archive.Transparency;
using Provenance.Archive.Tests.Images;
using Provenance.Archive.Trust;
using Provenance.Archive.Upkeep;
using Xunit;

namespace Provenance.Archive.Tests;

/// <summary>Every parser of what arrives that has no property tests of its own: damaged input is understood or refused in words, and nothing else.</summary>
/// <remarks><c>make fuzz-properties</c> runs each for minutes; tests/Fuzz is led by coverage.</remarks>
public sealed class HostileParserTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private StoreLayout Layout => new(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Bundles()
    {
        using var sample = new SampleBundle();
        sample.Endorse(sample.Run, RecordKind.Run);
        Refuses(sample.Export(), bytes =>
        {
            using var receiver = new Receiver();
            receiver.Import(bytes);
        });
    }

    [Fact]
    public void Bags()
    {
        using var sample = new SampleBundle();
        Refuses(sample.Export(packing: new BundlePacking { Bag = true }), bytes =>
        {
            using var receiver = new Receiver();
            receiver.Import(bytes);
        });
    }

    [Fact]
    public void Manifests_of_bundles()
    {
        using var sample = new SampleBundle();
        using var finder = sample.Archive.Finder();
        var names = new ImageNames(sample.Archive.Layout, sample.Archive.Blobs, static _ => { });
        var bundle = new BundlePlanner(sample.Archive.Blobs, finder, names).Plan([finder.Get(sample.Run.Hex)], new ExportOptions());

        Refuses(bundle.Manifest.ToBytes(), bytes => BundleManifest.Parse(bytes));
    }

    [Fact]
    public void Manifests_of_artifacts_of_bundles()
    {
        using var sample = new SampleBundle();
        using var finder = sample.Archive.Finder();
        var names = new ImageNames(sample.Archive.Layout, sample.Archive.Blobs, static _ => { });
        var bundle = new BundlePlanner(sample.Archive.Blobs, finder, names).Plan([finder.Get(sample.Run.Hex)], new ExportOptions());

        Refuses(BundleArtifact.Of(bundle, sample.Archive.Blobs, new BundleArtifactMarks { IsPrivate = true }).Bytes.ToArray(), bytes =>
        {
            BundleArtifactManifest.IsBundle(bytes);
            BundleArtifactManifest.Parse(bytes);
        });
    }

    [Fact]
    public void Names_and_logins_of_registries()
    {
        Refuses("docker://registry.example.org:5000/a/b:tag"u8.ToArray(), bytes => RegistryReference.Parse(Encoding.UTF8.GetString(bytes)));
        Refuses("https://registry.example.org/a/b"u8.ToArray(), bytes => RegistryReference.ParseTarget(Encoding.UTF8.GetString(bytes), "prov"));
        Refuses("realm=\"https://a/token\",service=\"s\",scope=\"repository:a/b:pull\""u8.ToArray(), bytes =>
            // The platform lets no others through.
            AuthenticationChallenge.Parse(new AuthenticationHeaderValue("Bearer", string.Concat(Encoding.UTF8.GetString(bytes).Split('\r', '\n', '\0')))));
        string file = Path.Combine(_folder.Path, "auth.json");
        Refuses("""{"auths":{"x.org":{"auth":"YTpi"}},"credHelpers":{"x.org/a":"pass"},"credsStore":"s"}"""u8.ToArray(), bytes =>
        {
            File.WriteAllBytes(file, bytes);
            RegistryCredentials.Of(file, (_, _) => bytes).Find("x.org", "a/b");
        });
    }

    [Theory]
    [InlineData(RecordKind.Image)]
    [InlineData(RecordKind.Run)]
    [InlineData(RecordKind.Replay)]
    [InlineData(RecordKind.Endorsement)]
    [InlineData(RecordKind.Rotation)]
    [InlineData(RecordKind.Revocation)]
    [InlineData(RecordKind.Citation)]
    [InlineData(RecordKind.Tombstone)]
    public void Statements(RecordKind kind)
    {
        byte[] statement = kind switch
        {
            RecordKind.Image => RecordJson.Serialize(RecordSamples.Image()),
            RecordKind.Run => RecordJson.Serialize(RecordSamples.Run()),
            RecordKind.Replay => RecordJson.Serialize(RecordSamples.Replay()),
            RecordKind.Rotation => RecordJson.Serialize(RecordSamples.Rotation()),
            RecordKind.Revocation => RecordJson.Serialize(RecordSamples.Revocation()),
            RecordKind.Citation => RecordJson.Serialize(RecordSamples.Citation()),
            RecordKind.Tombstone => RecordJson.Serialize(RecordSamples.Tombstone()),
            _ => RecordJson.Serialize(RecordSamples.Endorsement()),
        };
        Refuses(statement, bytes =>
        {
            RecordJson.ParsePredicate(kind, bytes);
            // What is understood is canonical: no two readers differ.
            Assert.Equal(kind, RecordJson.KindOf(bytes));
        });
    }

    [Fact]
    public void Profiles_of_machines() => Refuses(HostProfileJson.Serialize(RecordSamples.Host()), bytes => HostProfileJson.Parse(bytes));

    [Fact]
    public void Entries_of_logs()
    {
        var leaf = new LogLeaf { Kind = RecordKind.Run, Record = LeafBlob.Of("a"u8), Signature = LeafBlob.Of("b"u8) };
        Refuses(leaf.ToBytes(), bytes => LogLeaf.Parse(bytes));

        using var bundle = new MemoryStream();
        EntryBundle.Append(bundle, leaf.ToBytes());
        EntryBundle.Append(bundle, leaf.ToBytes());
        Refuses(bundle.ToArray(), bytes => EntryBundle.Parse(bytes, 2));
    }

    [Fact]
    public void Rotations_of_logs()
    {
        var old = NoteKey.Create("prov-archive/ab", NoteKeyRole.Log);
        var made = NoteKey.Create("prov-archive/ab", NoteKeyRole.Log);
        var rotation = LogRotation.Sign(new Checkpoint("prov-archive/ab", new TreeHead(3, SHA256.HashData("root"u8))), old, made);

        Refuses(rotation.ToBytes(), bytes =>
        {
            // Every byte that is understood is signed, or is a signature that says nothing.
            var read = LogRotation.Parse(bytes);
            Assert.Equal((rotation.Note.Text, old.Verifier, made.Verifier), (read.Note.Text, read.Old, read.New));
        });
    }

    [Fact]
    public void States_of_followed_logs()
    {
        var key = NoteKey.Create("prov-archive/ab", NoteKeyRole.Log);
        var seen = SignedCheckpoint.Sign(new Checkpoint("prov-archive/ab", new TreeHead(3, SHA256.HashData("root"u8))), key);
        Refuses(new FollowedLog(key.Verifier, seen).ToBytes(), bytes => FollowedLog.Parse(bytes));
    }

    [Fact]
    public void Keys_of_logs() => Refuses(
        Encoding.UTF8.GetBytes(NoteKey.Create("prov-archive/ab", NoteKeyRole.Log).ToText()),
        bytes =>
        {
            // Through the store, as every reader does.
            Directory.CreateDirectory(Layout.LogKeys);
            string path = Path.Combine(Layout.LogKeys, "key.pem");
            File.WriteAllBytes(path, bytes);
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            new LogKeyStore(Layout, _ => { }).FindOrCreate("prov-archive/ab");
        });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Keys_that_were_made_elsewhere(bool pkcs12)
    {
        using var certificate = TestCertificates.Person("Ada");
        using var key = certificate.GetECDsaPrivateKey()!;
        byte[] file = pkcs12
            ? certificate.Export(X509ContentType.Pkcs12, "")
            : Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
        string path = Path.Combine(_folder.Path, "key");
        Refuses(file, bytes =>
        {
            File.WriteAllBytes(path, bytes);
            ForeignKeyFile.Read(path).Dispose();
        });
    }

    [Fact]
    public void Requests_to_a_key_agent()
    {
        using var stream = new MemoryStream();
        KeyAgentProtocol.Write(stream, KeyAgentProtocol.Sign, new byte[100]);
        Damage.Of(stream.ToArray()).Sample(bytes =>
        {
            try
            {
                using var damaged = new MemoryStream(bytes);
                return KeyAgentProtocol.Read(damaged) is not { } frame || frame.Length is >= 1 and <= KeyAgentProtocol.MaxFrameBytes;
            }
            catch (IOException)
            {
                return true;
            }
        });
    }

    [Fact]
    public void Settings_of_an_archive() => Refuses(
        "[archive]\nmax_bytes = \"5 GiB\"\n[time]\ntsa = [\"http://a/\", \"http://b/\"]\npolicy = \"1.2.3\"\n[log]\nwitness = \"http://c/\"\ncosignatures = 1\n"u8.ToArray(),
        bytes =>
        {
            File.WriteAllBytes(Layout.Config, bytes);
            ArchiveSettings.Read(Layout);
        });

    [Fact]
    public void Lists_of_what_was_dropped() => Refuses(
        RecordLines.Serialize(new DroppedBlob { Digest = Digest.Of("a"u8), Size = 1, DroppedAt = TestCertificates.Now }),
        bytes =>
        {
            using var lines = new MemoryStream(bytes);
            _ = RecordLines.ReadDropped(lines).ToList();
        });

    [Fact]
    public void Documents_of_images()
    {
        byte[] index = Encoding.UTF8.GetBytes(
            $$$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{{Digest.Of("m"u8)}}}","size":2,"platform":{"architecture":"amd64","os":"linux"},"annotations":{"a":"b"}}]}""");
        Refuses(index, bytes => OciReader.ReadDocument(bytes, "index"));
        byte[] config = Encoding.UTF8.GetBytes(
            $$$"""{"architecture":"amd64","os":"linux","config":{"Env":["A=b"],"Cmd":["sh"],"User":"1"},"rootfs":{"type":"layers","diff_ids":["{{{Digest.Of("l"u8)}}}"]}}""");
        Refuses(config, bytes => OciReader.ReadConfig(bytes, "config"));
    }

    [Fact]
    public void A_name_in_a_document_that_is_not_utf8_is_refused_in_words()
    {
        // Found by fuzzing: the platform's reader threw what it throws at programming errors.
        byte[] index = "{\"schemaVersion\":2,\"annotations\":{\"a\":\"b\"}}"u8.ToArray();
        index[index.AsSpan().IndexOf("a\":\"b"u8)] = 0xE1;

        var problem = Assert.Throws<ImageException>(() => OciReader.ReadDocument(index, "index"));

        Assert.Equal("index: has a text that is not UTF-8", problem.Message);
    }

    [Fact]
    public void A_key_on_a_curve_that_nobody_knows_is_refused_in_words()
    {
        // Found by fuzzing: PlatformNotSupportedException.
        using var certificate = TestCertificates.Person("Ada");
        using var key = certificate.GetECDsaPrivateKey()!;
        byte[] pkcs8 = key.ExportPkcs8PrivateKey();
        byte[] p256 = Convert.FromHexString("06082a8648ce3d030107");
        pkcs8[pkcs8.AsSpan().IndexOf(p256) + 4] ^= 0x10;
        string path = Path.Combine(_folder.Path, "key");
        File.WriteAllText(path, certificate.ExportCertificatePem() + "\n" + PemEncoding.WriteString("PRIVATE KEY", pkcs8) + "\n");

        Assert.Contains("no key with its certificate can be read", Assert.Throws<TrustException>(() => ForeignKeyFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Databases_of_packages()
    {
        byte[] dpkg = "Package: a\nStatus: install ok installed\nVersion: 1.0-1\nArchitecture: amd64\nDescription: x\n y\n\nPackage: b\nStatus: deinstall ok config-files\nVersion: 2\n"u8.ToArray();
        Refuses(dpkg, bytes => _ = PackageDatabase.ReadDpkg(bytes).ToList());
        Refuses("P:a\nV:1-r0\nA:x86_64\n\nP:b\nV:2\n"u8.ToArray(), bytes => _ = PackageDatabase.ReadApk(bytes).ToList());
        Refuses(PackageSamples.Conda, bytes => _ = CondaMetadata.Read(bytes).ToList());
        Refuses(PackageSamples.SpackIndex, bytes => _ = SpackDatabase.ReadIndex(bytes).ToList());
        Refuses(PackageSamples.SpackSpec, bytes => _ = SpackDatabase.ReadSpec(bytes).ToList());
        Refuses(PackageSamples.Metadata, bytes => _ = PythonMetadata.Read(bytes).ToList());
        Refuses(PackageSamples.Recipe, bytes => _ = EasyBuildRecipe.Read(bytes).ToList());
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("ndb")]
    [InlineData("bdb")]
    public void Databases_of_rpm(string kind)
    {
        byte[] whole = PackageSamples.Rpm(kind);
        Refuses(whole, bytes => _ = (kind switch
        {
            "sqlite" => RpmDatabases.ReadSqlite(bytes),
            "ndb" => RpmDatabases.ReadNdb(bytes),
            _ => RpmDatabases.ReadBerkeley(bytes),
        }).ToList());
    }

    private static void Refuses(byte[] whole, Action<byte[]> read)
    {
        read(whole); // what is not damaged is understood
        Damage.Of(whole).Sample(damaged =>
        {
            try
            {
                read(damaged);
            }
            catch (ArchiveException)
            {
                // Ours, in words.
            }
        });
    }
}
