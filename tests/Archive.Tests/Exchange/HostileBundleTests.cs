using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Images;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Provenance.Archive.Upkeep;
using Xunit;

namespace Provenance.Archive.Tests.Exchange;

/// <summary>Bundles that nobody makes in good faith. Each is refused with a message of its own, and leaves nothing behind.</summary>
public sealed class HostileBundleTests : IDisposable
{
    private const string Stray = "blobs/sha256/2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    /// <summary>What is done to a good bundle, and what is said of it then.</summary>
    private static readonly Dictionary<string, (Func<SampleBundle, BundleFiles, byte[]> Attack, string Message)> Attacks = new()
    {
        ["cut off within a file"] = ((_, files) => files.Tar()[..3000], "tar: ends in the middle of an entry"),
        ["cut off between two files"] = ((_, files) => files.Builder().WithoutEnd(), "it was cut off"),
        ["something behind the end"] = ((_, files) => [.. files.Tar(), 1], "something follows the mark that ends the tar"),
        ["a header with a wrong checksum"] = (
            (_, files) => files.Builder().Entry('0', "prov.json", [], goodChecksum: false).Build(), "checksum"),
        ["an empty file"] = ((_, _) => [], "ends without the mark"),
        ["nothing but zeros"] = ((_, _) => new byte[10240], "has no 'BUNDLE.json'"),
        ["some other tar"] = ((_, _) => TarBuilder.New().File("etc/motd").Build(), "begins with 'etc/motd', expected 'BUNDLE.json'"),
        ["a damaged compressed stream"] = ((_, files) => Packer.Zstd(files.Tar())[..^20], "zstd data are damaged or cut off"),

        ["a file twice"] = (Changed(files => files.Add("README.md", [])), "entry 'README.md': stands there twice"),
        ["a blob twice"] = (Changed(files => files.Add(FirstBlob(files), files[FirstBlob(files)])), "stands there twice"),
        ["a second manifest"] = (Changed(files => files.Add("BUNDLE.json", files["BUNDLE.json"])), "'BUNDLE.json': stands there twice"),
        ["a manifest in small letters"] = (Changed(files => files.Add("bundle.json", [])), "is 'BUNDLE.json' in another case"),
        ["a blob in capitals"] = (
            Changed(files => files.Add(FirstBlob(files).ToUpperInvariant().Replace("BLOBS/SHA256", "blobs/sha256"), [])), "in another case"),
        ["a folder in capitals"] = (Changed(files => files.Add(FirstBlob(files).Replace("blobs", "Blobs"), [])), "in another case"),
        ["a name that climbs"] = (Changed(files => files.Add("../evil", [])), "entry '../evil': leads out of the bundle"),
        ["a name that climbs within"] = (Changed(files => files.Add("blobs/sha256/../../../evil", [])), "leads out of the bundle"),
        ["an absolute name"] = (Changed(files => files.Add("/etc/passwd", [])), "entry '/etc/passwd': is an absolute path"),
        ["a name with an empty part"] = (Changed(files => files.Add("blobs//sha256", [])), "is no clean path"),
        ["a name with a control character"] = (Changed(files => files.Add("README\u001b.md", [])), "is no clean path"),
        ["a folder that climbs"] = ((_, files) => files.Builder().Folder("../evil/").Build(), "leads out of the bundle"),
        ["a symbolic link"] = ((_, files) => files.Builder().Link(Stray, "/etc/passwd").Build(), "is a symbolic link, expected a plain file"),
        ["a hard link"] = ((_, files) => files.Builder().HardLink(Stray, "BUNDLE.json").Build(), "is a hard link, expected a plain file"),
        ["a device"] = ((_, files) => files.Builder().Device(Stray, '3').Build(), "is a device, expected a plain file"),
        ["a fifo"] = ((_, files) => files.Builder().Device(Stray, '6').Build(), "is a fifo, expected a plain file"),
        ["a sparse file"] = (
            (_, files) => files.Builder().Pax(("GNU.sparse.map", "0,1"), ("GNU.sparse.size", "1099511627776"), ("GNU.sparse.numblocks", "1"))
                .File(Stray, "a").Build(),
            "is a sparse file"),
        ["a file of no known name"] = (Changed(files => files.Add("evil.sh", [])), "entry 'evil.sh': is no part of a bundle"),
        ["a blob whose name is no digest"] = (Changed(files => files.Add("blobs/sha256/abc", [])), "is no part of a bundle"),
        ["a document of a gigabyte"] = (
            (_, files) => files.Builder().Entry('0', "certificates/" + Stray[13..] + ".pem", [], size: 1L << 30).Build(), "at most 67108864 are allowed"),

        ["a manifest that is not first"] = (Changed(files => files.MoveToEnd("BUNDLE.json")), "begins with 'README.md', expected 'BUNDLE.json'"),
        ["a manifest with white space"] = (Text(text => text + "\n"), "BUNDLE.json: is not in canonical form"),
        ["a manifest that is no JSON"] = (Text(_ => "{"), "BUNDLE.json: "),
        ["a manifest with a member of ours unknown"] = (Text(text => text.Replace("\"roots\":", "\"rooms\":[],\"roots\":")), "BUNDLE.json: "),
        ["a manifest of another format"] = (Text(text => text.Replace("bundle/v1", "bundle/v2")), "is of format 'urn:x-prov:bundle/v2'"),
        ["a manifest a hundred levels deep"] = (Text(_ => new string('[', 100) + new string(']', 100)), "BUNDLE.json: JSON: at byte 64"),
        ["a record listed twice"] = (
            Manifest(manifest => manifest with { Records = [.. manifest.Records, manifest.Records[0]] }), "lists record '"),
        ["no roots"] = (Manifest(manifest => manifest with { Roots = [] }), "its roots are not among its records"),
        ["a root that is no record"] = (Manifest(manifest => manifest with { Roots = [Digest.Of("x"u8)] }), "its roots are not among its records"),
        ["a record said to be of another kind"] = (
            Record(RecordKind.Run, record => record with { Kind = RecordKind.Replay }), "is of kind run"),
        ["a record with another SHA-512"] = (
            Record(RecordKind.Run, record => record with { Record = record.Record with { Sha512 = new string('0', 128) } }), "has another SHA-512"),
        ["a record with another size"] = (
            Record(RecordKind.Run, record => record with { Record = record.Record with { Size = 3 } }), "its statement: has "),
        ["a record less"] = (Kinds(RecordKind.Image, RecordKind.Run), "no record of the bundle names it"),
        ["a run without its image"] = (Kinds(RecordKind.Run, RecordKind.Replay), "its image record '"),
        ["a replay without its run"] = (Kinds(RecordKind.Image, RecordKind.Replay), "the run it repeats '"),

        ["a changed blob"] = (Changed(files => files[FirstBlob(files)] = [.. files[FirstBlob(files)], 0]), "entry 'blobs/sha256/"),
        ["a blob under another's name"] = (
            Changed(files => files[Output] = Encoding.UTF8.GetBytes("result 2")), "content has digest 'sha256:"),
        ["a missing output"] = (Changed(files => files.RemoveBlob(OutputDigest)), $"blob '{OutputDigest}', named by record '"),
        ["a missing list"] = (
            (sample, files) => Without(files, RecordJson.ParseRun(files[BundleNames.Blob(sample.Run)]).Predicate.Used.Blob!.Digest), "list 'sha256:"),
        ["a missing statement"] = ((sample, files) => Without(files, sample.Run), "its statement 'sha256:"),
        ["a missing signature"] = (
            (sample, files) => Without(files, Listed(files, sample.Run).Signature.Digest), "its signature 'sha256:"),
        ["a blob that nobody names"] = (Changed(files => files.AddBlob("nobody's"u8.ToArray())), "no record of the bundle names it"),
        ["more blobs than announced"] = (Changed(files => files.Add(Stray, "hello"u8.ToArray())), "is more than 'BUNDLE.json' announces"),
        ["more bytes than announced"] = (Manifest(manifest => manifest with { BlobBytes = 1000, BlobCount = 9999 }), "is more than 'BUNDLE.json' announces"),

        ["a statement said to be absent"] = (
            (sample, files) => Absent(files, sample.Run, files[BundleNames.Blob(sample.Run)].Length), "its statement 'sha256:"),
        ["an image's configuration said to be absent"] = (
            (_, files) => Absent(files, Digest.Of("config"u8), 6), "is said to be absent, and the record cannot be understood without it"),
        ["an output said to be absent with another size"] = ((_, files) => Absent(files, OutputDigest, 9), "is said to be absent, with another size"),
        ["a blob said to be absent that is there"] = (
            Manifest(manifest => manifest with { Absent = [AbsentOf(OutputDigest, 8)] }), "is said to be absent, and is there"),
        ["a blob said to be absent that nobody names"] = (
            Manifest(manifest => manifest with { Absent = [AbsentOf(Digest.Of("x"u8), 1)] }), "is said to be absent, and no record names it"),

        ["a statement changed after it was signed"] = (
            (sample, files) => Signed(sample, files, text => text.Replace("\"argv\":[", "\"argv\":[\"evil\","), sign: null), "its signature is of another content"),
        ["a signature of another record"] = (
            (sample, files) => Swap(files, sample.Run, Listed(files, sample.Image).Signature.Digest), "its signature is of another content"),
        ["a signature that is none"] = (
            (sample, files) => Signed(sample, files, text => text, sign: _ => "no signature"u8.ToArray()), "its signature is "),
        ["a signature with something behind it"] = (
            (sample, files) => Signed(sample, files, text => text, statement => [.. Mallory(statement), 0]), "its signature "),
        ["a signed statement that is not canonical"] = (
            (sample, files) => Signed(sample, files, text => text + " ", Mallory), "run statement: is not in canonical form"),
        ["a signed statement with a member that is not ours"] = (
            (sample, files) => Signed(sample, files, text => text.Replace("\"hazards\":", "\"hazard\":[],\"hazards\":"), Mallory), "run statement: "),
        ["a signed record that names a blob with another size"] = (
            (sample, files) => Signed(sample, files, text => OtherSize(text), Mallory), "has 3 bytes, expected 4"),
        ["two signed records that contradict each other"] = (
            (sample, files) => Signed(
                sample,
                files,
                text => OtherSize(text),
                Mallory,
                sample.Replay),
            "name it with another size or SHA-512"),

        ["an index that is no JSON"] = (Changed(files => files["index.json"] = "{"u8.ToArray()), "index.json"),
        ["a proof that the manifest does not name"] = (
            (sample, files) => With(files, BundleNames.Proof(sample.Run), "proof"u8.ToArray()), "its proof of a log is not the one"),
        ["a proof of no record"] = (
            (_, files) => With(files, BundleNames.Proof(Digest.Of("x"u8)), "proof"u8.ToArray()), "is the proof of no record"),
        ["a proof that is named and not there"] = (
            Record(RecordKind.Run, record => record with { Proof = LeafBlob.Of("proof"u8) }), "its proof of a log is not the one"),
    };

    private static readonly SigningKey MallorysKey = SigningKey.Create("Mallory", RecordSamples.Start);

    private readonly SampleBundle _sample = new();
    private readonly Receiver _receiver = new();

    public static TheoryData<string> Names => [.. Attacks.Keys];

    private static Digest OutputDigest => Digest.Of("result 1"u8);

    private static string Output => BundleNames.Blob(OutputDigest);

    public void Dispose()
    {
        _sample.Dispose();
        _receiver.Dispose();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_refused_and_nothing_is_left_of_it(string name)
    {
        var (attack, message) = Attacks[name];
        byte[] tar = attack(_sample, _sample.Files());

        var refused = Assert.Throws<BundleException>(() => _receiver.Import(tar));

        Assert.StartsWith("bundle 'sample': ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.Empty(_receiver.Contents);
    }

    [Fact]
    public void The_messages_are_distinct_but_where_the_attack_is_the_same()
    {
        // Sixty attacks are no sixty attacks when one check refuses them all.
        Assert.True(Attacks.Values.Select(attack => attack.Message).Distinct().Count() > 45);
    }

    [Fact]
    public void The_bundle_that_the_attacks_begin_with_is_good() => Assert.Equal(3, _receiver.Import(_sample.Files().Tar()).Records.Count);

    [Fact]
    public void A_bundle_with_too_many_files_is_refused()
    {
        using var source = BundleSource.Of("sample", new MemoryStream(_sample.Export()));
        var intake = new BundleIntake(source, BundleLimits.Default with { MaxEntries = 5 });
        using var arriving = new ArrivingBlobs(_receiver.Blobs, Digest.Of("x"u8), _ => { });

        var refused = Assert.Throws<BundleException>(() => intake.Read((_, _) => arriving, _ => { }));

        Assert.Equal("has more than 5 files", refused.Message);
    }

    [Fact]
    public void A_bundle_whose_proofs_are_too_many_to_be_kept_is_refused()
    {
        var files = _sample.Files();
        files.Add(BundleNames.Proof(_sample.Image), new byte[6]);
        files.Add(BundleNames.Proof(_sample.Run), new byte[6]);
        using var source = BundleSource.Of("sample", new MemoryStream(files.Tar()));
        var intake = new BundleIntake(source, BundleLimits.Default with { MaxProofsBytes = 10 });
        using var arriving = new ArrivingBlobs(_receiver.Blobs, Digest.Of("x"u8), _ => { });

        var refused = Assert.Throws<BundleException>(() => intake.Read((_, _) => arriving, _ => { }));

        Assert.Equal("has proofs of more than 10 bytes together", refused.Message);
    }

    [Fact]
    public void A_blob_larger_than_the_disk_is_refused_before_it_is_written()
    {
        var files = _sample.Files();
        files.Manifest = files.Manifest with { BlobCount = files.Manifest.BlobCount + 1, BlobBytes = 1L << 52 };
        byte[] tar = files.Builder().Pax(("size", $"{1L << 50}")).Entry('0', Stray, []).Build();

        var refused = Assert.Throws<QuotaException>(() => _receiver.Import(tar));

        Assert.Contains("are free on its disk, and the next blob has 1.0 PiB", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_receiver.Contents);
    }

    [Theory]
    [InlineData("data/README.md", "is not what manifest-sha256.txt says")]
    [InlineData("bag-info.txt", "is not what tagmanifest-sha256.txt says")]
    [InlineData("manifest-sha512.txt", "'0000000000000000000000000000000000000000000000000000000000000000")]
    public void A_bag_with_a_changed_file_is_refused(string file, string message)
    {
        var bag = Bag(out string folder);
        bag[folder + file] = file.StartsWith("manifest", StringComparison.Ordinal)
            ? Encoding.ASCII.GetBytes(new string('0', 128) + Encoding.ASCII.GetString(bag[folder + file])[128..])
            : [.. bag[folder + file], (byte)'!'];

        Assert.Contains(message, Assert.Throws<BundleException>(() => _receiver.Import(bag.Tar())).Message, StringComparison.Ordinal);
        Assert.Empty(_receiver.Contents);
    }

    [Theory]
    [InlineData("bagit.txt", "lists 'bagit.txt', which is not there")]
    [InlineData("data/prov.json", "lists 'data/prov.json', which is not there")]
    public void A_bag_without_a_file_is_refused(string file, string message)
    {
        var bag = Bag(out string folder);
        bag.Remove(folder + file);

        Assert.Contains(message, Assert.Throws<BundleException>(() => _receiver.Import(bag.Tar())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bag_without_manifests_is_refused()
    {
        var bag = Bag(out string folder);
        foreach (string manifest in BagFiles.Manifests)
        {
            bag.Remove(folder + manifest);
        }

        Assert.Contains("has no manifest of its payload", Assert.Throws<BundleException>(() => _receiver.Import(bag.Tar())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bag_of_another_version_is_refused()
    {
        var bag = Bag(out string folder);
        bag[folder + "bagit.txt"] = "BagIt-Version: 0.97\n"u8.ToArray();

        Assert.Contains("is of another version of BagIt", Assert.Throws<BundleException>(() => _receiver.Import(bag.Tar())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_beside_the_bag_is_refused()
    {
        var bag = Bag(out _);
        bag.Add("evil", []);

        Assert.Contains("is not in the bag's folder", Assert.Throws<BundleException>(() => _receiver.Import(bag.Tar())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_no_manifest_of_the_bag_lists_is_refused()
    {
        var bag = Bag(out string folder);
        string manifest = Encoding.ASCII.GetString(bag[folder + "manifest-sha256.txt"]);
        bag[folder + "manifest-sha256.txt"] = Encoding.ASCII.GetBytes(string.Join('\n', manifest.Split('\n').Where(line => !line.EndsWith("prov.json"))));

        Assert.Contains("is not listed in manifest-sha256.txt", Assert.Throws<BundleException>(() => _receiver.Import(bag.Tar())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_in_a_folder_is_refused_and_a_fifo_keeps_nobody_waiting()
    {
        Tool.Require("mkfifo");
        using var folder = new TemporaryFolder();
        _sample.Files().WriteTo(folder.Path);
        string path = Path.Combine(folder.Path, Stray);
        File.CreateSymbolicLink(path, "/etc/passwd");
        Assert.Contains("is a symbolic link", Assert.Throws<BundleException>(() => _receiver.Import(BundleSource.Open(folder.Path))).Message, StringComparison.Ordinal);

        File.Delete(path);
        Assert.Equal(0, Tool.Run(folder.Path, "mkfifo", path).Status);
        Assert.Contains("content has digest", Assert.Throws<BundleException>(() => _receiver.Import(BundleSource.Open(folder.Path))).Message, StringComparison.Ordinal);

        File.Delete(path);
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "proofs"), "/");
        Assert.Contains("'proofs': is a symbolic link", Assert.Throws<BundleException>(() => _receiver.Import(BundleSource.Open(folder.Path))).Message, StringComparison.Ordinal);
        Assert.Empty(_receiver.Contents);
    }

    /// <summary>Whatever single byte of it is another: it is refused, or what is taken in is what was there.</summary>
    [Fact]
    public void A_flipped_bit_is_refused_or_changes_nothing()
    {
        byte[] tar = _sample.Export();
        _receiver.Import(tar);
        var good = _receiver.Blobs.Enumerate().Select(digest => digest.Hex).Order(StringComparer.Ordinal).ToList();
        int refused = 0;
        // A prime, so that every kind of place is met.
        for (int at = 0; at < tar.Length; at += 997)
        {
            tar[at] ^= 4;
            using var other = new Receiver();
            try
            {
                other.Import(tar);
                Assert.Equal(good, other.Blobs.Enumerate().Select(digest => digest.Hex).Order(StringComparer.Ordinal));
            }
            catch (BundleException)
            {
                refused++;
                Assert.Empty(other.Contents);
            }

            tar[at] ^= 4;
        }

        Assert.True(refused > tar.Length / 997 / 3, $"{refused} refused");
    }

    private BundleFiles Bag(out string folder)
    {
        var bag = BundleFiles.Of(_sample.Export(packing: new BundlePacking { Bag = true }));
        folder = bag.Names[0][..(bag.Names[0].IndexOf('/') + 1)];
        return bag;
    }

    private static string FirstBlob(BundleFiles files) => files.Names.First(name => name.StartsWith("blobs/", StringComparison.Ordinal));

    private static BundledRecord Listed(BundleFiles files, Digest record) =>
        files.Manifest.Records.Single(listed => listed.Record.Digest == record);

    /// <summary>Standard output is 'out', three bytes: four are said to be.</summary>
    private static string OtherSize(string statement) =>
        Regex.Replace(statement, $"(\"digest\":\"{Digest.Of("out"u8)}\",\"mediaType\":\"[^\"]*\",\"sha512\":\"[^\"]*\",\"size\":)3", "${1}4");

    private static Func<SampleBundle, BundleFiles, byte[]> Changed(Action<BundleFiles> change) => (_, files) =>
    {
        change(files);
        return files.Tar();
    };

    private static Func<SampleBundle, BundleFiles, byte[]> Text(Func<string, string> change) =>
        Changed(files => files.ManifestText = change(files.ManifestText));

    private static Func<SampleBundle, BundleFiles, byte[]> Manifest(Func<BundleManifest, BundleManifest> change) =>
        Changed(files => files.Manifest = change(files.Manifest));

    private static Func<SampleBundle, BundleFiles, byte[]> Record(RecordKind kind, Func<BundledRecord, BundledRecord> change) =>
        Manifest(manifest => manifest with { Records = [.. manifest.Records.Select(record => record.Kind == kind ? change(record) : record)] });

    private static Func<SampleBundle, BundleFiles, byte[]> Kinds(params RecordKind[] kept) => Manifest(manifest => manifest with
    {
        Records = [.. manifest.Records.Where(record => kept.Contains(record.Kind))],
        Roots = [manifest.Records.First(record => kept.Contains(record.Kind)).Record.Digest],
    });

    private static byte[] With(BundleFiles files, string name, byte[] content)
    {
        files.Add(name, content);
        return files.Tar();
    }

    private static byte[] Without(BundleFiles files, Digest blob)
    {
        files.RemoveBlob(blob);
        return files.Tar();
    }

    private static AbsentBlob AbsentOf(Digest digest, long size) => new() { Digest = digest, Size = size, Reason = AbsenceReason.Dropped };

    private static byte[] Absent(BundleFiles files, Digest blob, long size)
    {
        files.RemoveBlob(blob);
        files.Manifest = files.Manifest with { Absent = [AbsentOf(blob, size)] };
        return files.Tar();
    }

    private static byte[] Swap(BundleFiles files, Digest record, Digest signature)
    {
        var listed = Listed(files, record);
        files.RemoveBlob(listed.Signature.Digest);
        files.Manifest = files.Manifest with
        {
            Records = [.. files.Manifest.Records.Select(other => other == listed
                ? other with { Signature = LeafBlob.Of(files[BundleNames.Blob(signature)]) }
                : other)],
        };
        return files.Tar();
    }

    /// <summary>The bundle of a run whose statement was changed, and signed by whom it was before, or anew.</summary>
    private static byte[] Signed(
        SampleBundle sample, BundleFiles _, Func<string, string> change, Func<byte[], byte[]>? sign, Digest? replay = null)
    {
        var files = sample.Files(new ExportOptions(), replay ?? sample.Run);
        var record = replay ?? sample.Run;
        string text = Encoding.UTF8.GetString(files[BundleNames.Blob(record)]);
        byte[] statement = Encoding.UTF8.GetBytes(change(text));
        byte[] signature = files[BundleNames.Blob(Listed(files, record).Signature.Digest)];
        files.Replace(record, statement, sign is null ? signature : sign(statement));
        return files.Tar();
    }

    private static byte[] Mallory(byte[] statement) => CmsSigner.Sign(statement, MallorysKey, new FakeTimeProvider(RecordSamples.Start));
}
