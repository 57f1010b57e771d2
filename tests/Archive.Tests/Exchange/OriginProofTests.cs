using System.Text;
using Provenance.Archive.Care;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Images;
using Provenance.Archive.Tests.Catalog;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Provenance.Archive.Upkeep;
using Xunit;

namespace Provenance.Archive.Tests.Exchange;

/// <summary>What the log of the archive that a record came from proves is kept where it comes to, and goes along when it goes on from there.</summary>
public sealed class OriginProofTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly NoteKey _witness = NoteKey.Create("witness.example/w1", NoteKeyRole.Witness);
    private readonly SampleBundle _sample = new();
    private readonly Receiver _second = new();
    private readonly Receiver _third = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _sample.Dispose();
        _second.Dispose();
        _third.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_proof_of_the_log_a_record_came_from_is_kept_to_the_byte()
    {
        var imported = _second.Import(FromFirst());

        Assert.Empty(imported.ProofsRefused);
        var kept = Assert.Single(Kept(_second));
        Assert.Equal(FirstProof(_sample.Run), kept.Bytes.ToArray());
        Assert.Equal(3, Directory.GetDirectories(_second.Layout.Origins).Length);
        Assert.DoesNotContain(_second.Fsck().Findings, finding => finding.Severity != FsckSeverity.Note);
    }

    [Fact]
    public void It_is_ok_where_the_key_of_that_log_is_known_and_else_that_is_said()
    {
        _second.Import(FromFirst());

        var unknown = Origin(_second)!;
        Assert.Equal(CheckOutcome.Absent, unknown.Outcome);
        Assert.Matches(@"\Aentry 1 of 2 in 'prov-archive/[0-9a-f]{64}', by the proof that came along; the key of that log is not known here\z", unknown.Detail);

        Trust(_second, _sample.Archive.Layout);
        var known = Origin(_second)!;
        Assert.Equal(CheckOutcome.Ok, known.Outcome);
        Assert.Matches(@"\Aentry 1 of 2 in 'prov-archive/[0-9a-f]{64}', under the root of a checkpoint signed by log key [0-9a-f]{8}\z", known.Detail);
    }

    [Fact]
    public void A_policy_that_names_that_log_takes_its_proof_and_one_that_names_another_does_not()
    {
        _second.Import(FromFirst());
        string first = LogKeyStore.FindVerifier(_sample.Archive.Layout)!.ToString();
        string own = LogKeyStore.FindVerifier(_second.Layout)!.ToString();

        Assert.Equal(CheckOutcome.Ok, Log($"logs = [\"{own}\"]").Outcome);
        var unknown = Log($"logs = [\"{first}\"]");
        Assert.Equal(CheckOutcome.Incomplete, unknown.Outcome);
        Assert.StartsWith(
            "a place in one of the 1 logs that policy.toml names is required, none of them is known to have it: entry ", unknown.Detail, StringComparison.Ordinal);

        Trust(_second, _sample.Archive.Layout);
        Assert.Equal(CheckOutcome.Ok, Log($"logs = [\"{first}\"]").Outcome);
        Assert.Equal(CheckOutcome.Absent, Log($"log = true\nlogs = [\"{first}\"]", asked: false).Outcome);
        Assert.Equal(CheckOutcome.Incomplete, Log("log = true", asked: false).Outcome);
        Assert.Equal(CheckOutcome.Incomplete, Log($"logs = [\"{NoteKey.Create("nobody.example", NoteKeyRole.Log).Verifier}\"]").Outcome);
    }

    [Theory]
    [InlineData("\"x\"", "'require.logs' is not understood, expected a list of 1 to 100 verifier keys of logs")]
    [InlineData("[]", "'require.logs' is not understood, expected a list of 1 to 100 verifier keys of logs")]
    [InlineData("[\"x\"]", "verifier key 'x': not in the form NAME+ID+KEY of C2SP signed-note")]
    [InlineData("[\"witness.example/w1+04d2d833+BD1AF8PoQ4lakrcKp00bfrycmCzPLsSWjMDNVfEq9GYM\"]", "which is a witness's key")]
    public void A_policy_names_logs_by_their_keys(string logs, string message)
    {
        string path = Path.Combine(_folder.Path, "policy.toml");
        File.WriteAllText(path, $"[require]\nlogs = {logs}\n");

        Assert.Contains(message, Assert.Throws<TrustException>(() => TrustPolicy.FromFile(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Witnesses_that_cosigned_the_log_it_came_from_are_told_and_go_along_at_every_hop()
    {
        CosignFirst();
        _second.Import(FromFirst());
        Trust(_second, _sample.Archive.Layout);
        Assert.DoesNotContain("cosigned", Origin(_second)!.Detail, StringComparison.Ordinal);

        TrustWitness(_second.Layout);
        var fact = Origin(_second)!;
        Assert.EndsWith(", cosigned by 1 of 1 known witnesses: witness.example/w1 on 2026-11-24 12:00:00Z", fact.Detail, StringComparison.Ordinal);
        Assert.Equal((CheckOutcome.Ok, 1), (fact.Outcome, fact.Witnesses));

        _third.Import(From(_second));
        Trust(_third, _sample.Archive.Layout);
        TrustWitness(_third.Layout);
        Assert.Equal(1, Origin(_third)!.Witnesses);
    }

    [Fact]
    public void A_policy_that_names_that_log_takes_its_cosignatures_and_one_that_does_not_wants_those_of_the_own_log()
    {
        CosignFirst();
        _second.Import(FromFirst());
        Trust(_second, _sample.Archive.Layout);
        TrustWitness(_second.Layout);
        string first = LogKeyStore.FindVerifier(_sample.Archive.Layout)!.ToString();
        string own = LogKeyStore.FindVerifier(_second.Layout)!.ToString();

        Assert.Equal(CheckOutcome.Ok, Log($"witnesses = 1\nlogs = [\"{first}\"]").Outcome);
        Assert.Equal(CheckOutcome.Absent, Log($"witnesses = 1\nlogs = [\"{first}\"]", asked: false).Outcome);
        foreach (string requirement in new[] { "witnesses = 1", $"witnesses = 1\nlogs = [\"{own}\"]" })
        {
            var lacking = Log(requirement);
            Assert.Equal(CheckOutcome.Incomplete, lacking.Outcome);
            Assert.StartsWith("1 witnesses are required by policy.toml, 0 known here cosigned: ", lacking.Detail, StringComparison.Ordinal);
        }

        Assert.StartsWith(
            "2 witnesses are required by policy.toml, 1 known here cosigned: ", Log($"witnesses = 2\nlogs = [\"{first}\"]").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cosignature_of_another_checkpoint_is_refused_and_found_where_the_witness_becomes_known_later()
    {
        var elsewhere = _witness.Cosign("prov-archive/other\n7\n8iWgFfjLTUpBqTMCjXB3jKUHj4LDKhbrlMCHa3j9Xs8=\n", Noon);
        byte[] Moved(RecordRow row)
        {
            var proof = TlogProof.Parse(FirstProof(row.Record));
            return (proof with { Checkpoint = proof.Checkpoint.With(elsewhere) }).ToBytes();
        }

        TrustWitness(_second.Layout);
        var refused = _second.Import(_sample.Export(proofs: Moved)).ProofsRefused;
        Assert.Equal(3, refused.Count);
        Assert.All(refused, one => Assert.Equal($"checkpoint of the log: the signature of '{_witness.Verifier.Label}' does not hold", one.Reason));

        Assert.Empty(_third.Import(_sample.Export(proofs: Moved)).ProofsRefused);
        TrustWitness(_third.Layout);
        Assert.Equal(CheckOutcome.Failed, Origin(_third)!.Outcome);
        Assert.Contains(_third.Fsck().Findings, finding => finding.Severity == FsckSeverity.Damage);
    }

    [Fact]
    public void A_cosignature_counts_once_and_one_by_another_key_of_the_same_name_does_not()
    {
        var namesake = NoteKey.Create("witness.example/w1", NoteKeyRole.Witness);
        CosignFirst();
        _second.Import(_sample.Export(proofs: row =>
        {
            var proof = TlogProof.Parse(FirstProof(row.Record));
            byte[] bytes = (proof with { Checkpoint = proof.Checkpoint.With(namesake.Cosign(proof.Checkpoint.Note.Text, Noon)) }).ToBytes();
            string cosigned = SignedNote.LineOf(_witness.Cosign(proof.Checkpoint.Note.Text, Noon)).TrimEnd('\n');
            return [.. bytes, .. Encoding.UTF8.GetBytes($"{cosigned}\n{cosigned}\n")];
        }));
        Trust(_second, _sample.Archive.Layout);
        TrustWitness(_second.Layout);

        Assert.Equal((CheckOutcome.Ok, 1), (Origin(_second)!.Outcome, Origin(_second)!.Witnesses));
    }

    [Fact]
    public void A_verification_has_the_fact_before_the_last_and_only_where_there_is_such_a_proof()
    {
        _second.Import(FromFirst());
        using var finder = _second.Finder();
        var row = finder.Get(_sample.Run.Hex);
        var verifier = new RecordVerifier(_second.Blobs, TrustedCertificates.Load(_second.Layout), _second.Clock) { Origin = finder.CheckOrigins };
        Assert.Equal(
            ["signature", "identity", "time", "trust", "endorsed", "log", "origin", "bytes"],
            verifier.Verify(row.Record, row.Signature, log: finder.CheckLog).Checks.Select(check => check.Name));

        using var atHome = _sample.Archive.Finder();
        Assert.Null(atHome.CheckOrigins(_sample.Run, atHome.Get(_sample.Run.Hex).Signature));
    }

    [Fact]
    public void The_second_hop_takes_the_first_log_along()
    {
        _second.Import(FromFirst());
        byte[] tar = From(_second);
        var imported = _third.Import(tar);

        Assert.Equal(2, Kept(_third).Count);
        Assert.All(imported.Records, record => Assert.Single(record.Origins));
        Trust(_third, _sample.Archive.Layout);
        var fact = Origin(_third)!;
        Assert.Equal(CheckOutcome.Ok, fact.Outcome);
        Assert.Matches("signed by log key [0-9a-f]{8}; entry [0-9] of [1-3] in '.*', by the proof that came along; the key of", fact.Detail);
        Assert.Equal(tar, From(_second));

        var proofs = new BundledProof(_third.Blobs, imported.Records, KnownKeys.Of([LogKeyStore.FindVerifier(_sample.Archive.Layout)!]));
        using var finder = _third.Finder();
        var row = finder.Get(_sample.Run.Hex);
        Assert.Equal(CheckOutcome.Absent, proofs.Check(row.Record, row.Signature).Outcome);
        Assert.Equal(CheckOutcome.Ok, proofs.CheckOrigins(row.Record, row.Signature)!.Outcome);
    }

    [Fact]
    public void Nothing_that_tidies_up_takes_it_away()
    {
        _second.Import(FromFirst());
        var before = Kept(_second).Select(proof => proof.Name).ToList();

        new Reindexer(_second.Blobs, SampleArchive.Sync).Reindex(null, CancellationToken.None);
        var gc = new GarbageCollector(_second.Blobs, SampleArchive.Sync, TimeProvider.System);
        gc.Collect(new GcOptions { OlderThan = TimeSpan.Zero }, CancellationToken.None);

        Assert.Equal(before, Kept(_second).Select(proof => proof.Name));
        Assert.DoesNotContain(_second.Fsck().Findings, finding => finding.Severity != FsckSeverity.Note);
    }

    [Fact]
    public void The_same_bundle_again_keeps_it_once_and_a_record_that_was_there_gets_it_late()
    {
        // One after the other, so that both logs have it at one place.
        _second.Import(_sample.Export(roots: _sample.Image));
        _second.Import(_sample.Export());
        Assert.Empty(Kept(_second));

        _second.Import(FromFirst());
        _second.Import(FromFirst());

        Assert.Single(Kept(_second));
    }

    [Fact]
    public void What_comes_home_is_not_kept_beside_the_own_log()
    {
        _second.Import(FromFirst());
        var home = new BundleImporter(_sample.Archive.Blobs, SampleArchive.Sync, TrustedCertificates.Load(_sample.Archive.Layout), _second.Clock);
        using var source = BundleSource.Of("home", new MemoryStream(From(_second)));
        home.Import(source, null, CancellationToken.None);

        var kept = Assert.Single(new OriginProofs(_sample.Archive.Layout, SampleArchive.Sync).Of(_sample.Run));
        Assert.NotNull(kept.Proof.Checkpoint.Verify(KnownKeys.Of([LogKeyStore.FindVerifier(_second.Layout)!])).Log);
    }

    [Fact]
    public void A_proof_that_does_not_hold_is_not_kept_and_the_record_is_taken_in()
    {
        byte[] image = FirstProof(_sample.Image);
        var imported = _second.Import(_sample.Export(proofs: _ => image));

        Assert.Equal(2, imported.ProofsRefused.Count);
        Assert.Contains(imported.ProofsRefused, refused => refused.Record == _sample.Run
            && refused.Reason == "the proof does not lead from the record and its signature to the root of its checkpoint");
        Assert.Empty(Kept(_second));
    }

    [Fact]
    public void A_signature_of_a_known_log_that_does_not_hold_is_refused_and_one_that_nobody_signed()
    {
        Trust(_second, _sample.Archive.Layout);
        var forged = _second.Import(_sample.Export(proofs: row => Flip(FirstProof(row.Record))));
        Assert.All(forged.ProofsRefused, refused => Assert.EndsWith("does not hold", refused.Reason, StringComparison.Ordinal));
        Assert.Equal(3, forged.ProofsRefused.Count);

        var unsigned = _third.Import(_sample.Export(proofs: row => Unsigned(FirstProof(row.Record))));
        Assert.All(unsigned.ProofsRefused, refused => Assert.Equal("the proof is under a checkpoint that nobody has signed", refused.Reason));
        Assert.Equal(3, unsigned.ProofsRefused.Count);
    }

    [Theory]
    [InlineData("changed", "is not the one that 'BUNDLE.json' names")]
    [InlineData("missing", "is not the one that 'BUNDLE.json' names")]
    [InlineData("stray", "is the proof of no record of the bundle")]
    [InlineData("elsewhere", "the proof does not lead from the record")]
    [InlineData("many", "names 17 proofs by further logs, expected 1 to 16, or none")]
    [InlineData("none", "names 0 proofs by further logs, expected 1 to 16, or none")]
    public void A_bundle_whose_further_proofs_are_not_as_they_must_be_is_refused(string attack, string message)
    {
        _second.Import(FromFirst());
        var files = BundleFiles.Of(From(_second));
        var run = files.Manifest.Records.Single(record => record.Record.Digest == _sample.Run);
        var image = files.Manifest.Records.Single(record => record.Record.Digest == _sample.Image);
        string name = BundleNames.Origin(run.Origins![0].Digest);
        switch (attack)
        {
            case "changed":
                files[name] = Flip(files[name]);
                break;
            case "missing":
                files.Remove(name);
                break;
            case "stray":
                files.Add(BundleNames.Origin(Digest.Of("stray"u8)), files[name]);
                break;
            case "elsewhere":
                Change(files, run, run with { Origins = image.Origins });
                break;
            case "many":
                Change(files, run, run with { Origins = [.. Enumerable.Repeat(run.Origins[0], 17)] });
                break;
            default:
                Change(files, run, run with { Origins = [] });
                break;
        }

        var refused = Assert.Throws<BundleException>(() => _third.Import(files.Tar()));

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_third.Layout.Origins));
    }

    [Fact]
    public void Of_one_record_only_so_many_are_kept_and_a_known_log_takes_the_place_of_an_unknown()
    {
        _second.Import(_sample.Export());
        var kept = new OriginProofs(_second.Layout, SampleArchive.Sync);
        var leaf = Leaf();
        for (int number = 0; number < OriginProofs.MaxPerRecord; number++)
        {
            Assert.Equal(OriginOutcome.Kept, kept.Keep(leaf, Lone(leaf, $"log{number}"), KnownKeys.None));
        }

        Assert.Equal(OriginOutcome.NoRoom, kept.Keep(leaf, Lone(leaf, "another"), KnownKeys.None));
        Assert.Equal(OriginOutcome.AlreadyPresent, kept.Keep(leaf, kept.Of(_sample.Run)[3], KnownKeys.None));

        var known = KnownKeys.Of([LogKeyStore.FindVerifier(_sample.Archive.Layout)!]);
        var first = OriginProof.Parse(FirstProof(_sample.Run));
        Assert.Equal(OriginOutcome.Kept, kept.Keep(leaf, first, known));
        Assert.Equal(OriginProofs.MaxPerRecord, kept.Names(_sample.Run).Count);
        Assert.Contains(first.Name, kept.Names(_sample.Run));
    }

    [Fact]
    public void Many_that_come_at_once_are_no_more_than_are_kept_of_one()
    {
        _second.Import(_sample.Export());
        var leaf = Leaf();
        using var begin = new Barrier(4);
        var outcomes = new System.Collections.Concurrent.ConcurrentBag<OriginOutcome>();

        Thread[] writers = [.. Enumerable.Range(0, 4).Select(writer => new Thread(() =>
        {
            // Each of its own, as separate imports have.
            var kept = new OriginProofs(_second.Layout, SampleArchive.Sync);
            begin.SignalAndWait();
            for (int number = 0; number < 10; number++)
            {
                outcomes.Add(kept.Keep(leaf, Lone(leaf, $"log{writer}.{number}"), KnownKeys.None));
            }
        }))];
        Array.ForEach(writers, writer => writer.Start());
        Array.ForEach(writers, writer => writer.Join());

        Assert.Equal(OriginProofs.MaxPerRecord, new OriginProofs(_second.Layout, SampleArchive.Sync).Names(_sample.Run).Count);
        Assert.Equal(OriginProofs.MaxPerRecord, outcomes.Count(outcome => outcome == OriginOutcome.Kept));
        Assert.Equal(40 - OriginProofs.MaxPerRecord, outcomes.Count(outcome => outcome == OriginOutcome.NoRoom));
    }

    [Fact]
    public void A_damaged_one_is_found_told_and_fetched_again_or_set_aside()
    {
        _second.Import(FromFirst());
        string backup = Path.Combine(_folder.Path, "backup");
        new ArchiveBackup(_second.Blobs, SampleArchive.Sync).Copy(backup, withKeys: false, null, CancellationToken.None);
        string path = _second.Layout.OriginPath(_sample.Run, Kept(_second)[0].Name);
        byte[] whole = File.ReadAllBytes(path);
        Assert.Equal(whole, File.ReadAllBytes(Path.Combine(backup, Path.GetRelativePath(_second.Layout.Root, path))));

        File.WriteAllBytes(path, Flip(whole));
        var damage = Assert.Single(_second.Fsck().Findings, finding => finding.Severity == FsckSeverity.Damage);
        Assert.Equal($"origins/{_sample.Run.Hex}/{Path.GetFileName(path)}", damage.Subject);
        Assert.Contains("content has digest", damage.Message, StringComparison.Ordinal);
        Assert.Equal(CheckOutcome.Failed, Origin(_second)!.Outcome);
        Assert.Throws<LogException>(() => From(_second));

        Repair(backup);
        Assert.Equal(whole, File.ReadAllBytes(path));

        File.WriteAllBytes(path, Flip(whole));
        Repair();
        Assert.False(File.Exists(path));
        Assert.Null(Origin(_second));
        Assert.NotEmpty(From(_second));
    }

    [Fact]
    public void A_proof_of_another_record_under_its_right_name_is_damage_and_one_of_no_record_a_note()
    {
        _second.Import(FromFirst());
        var other = OriginProof.Parse(FirstProof(_sample.Image));
        File.WriteAllBytes(_second.Layout.OriginPath(_sample.Run, other.Name), other.Bytes.ToArray());
        Directory.CreateDirectory(_second.Layout.OriginFolder(Digest.Of("nobody's"u8)));

        var findings = _second.Fsck().Findings;

        var damage = Assert.Single(findings, finding => finding.Severity == FsckSeverity.Damage);
        Assert.StartsWith("the proof does not lead", damage.Message, StringComparison.Ordinal);
        Assert.Contains(findings, finding => finding is { Severity: FsckSeverity.Note, Message: "is of a record that is not in this archive" });
    }

    [Fact]
    public void Openssl_alone_verifies_it_after_the_second_hop_by_the_key_of_the_first_log()
    {
        Tool.Require("openssl");
        _second.Import(FromFirst());
        string file = Path.Combine(_folder.Path, "run.prov.tar");
        File.WriteAllBytes(file, From(_second));
        string certificate = Assert.Single(Directory.GetFiles(_sample.Archive.Layout.Keys, "cert.pem", SearchOption.AllDirectories));

        var (status, output) = Verify(file, certificate, _sample.Archive.Layout.PublishedLogKey);
        Assert.True(status == 0, output);
        Assert.Contains("  log before: entry 1 of 2 in prov-archive/", output, StringComparison.Ordinal);
        Assert.Contains(", in a log whose key is not the one given", output, StringComparison.Ordinal);

        var (byTheLast, _) = Verify(file, certificate, _second.Layout.PublishedLogKey);
        Assert.Equal(0, byTheLast);

        using var nobody = new SampleBundle();
        var (byNeither, why) = Verify(file, certificate, nobody.Archive.Layout.PublishedLogKey);
        Assert.Equal(1, byNeither);
        Assert.Contains("is not signed by prov-archive/", why, StringComparison.Ordinal);

        var files = BundleFiles.Of(File.ReadAllBytes(file));
        string name = files.Names.First(entry => entry.StartsWith("origins/", StringComparison.Ordinal));
        files[name] = Flip(files[name]);
        File.WriteAllBytes(file, files.Tar());
        var (changed, what) = Verify(file, certificate, _sample.Archive.Layout.PublishedLogKey);
        Assert.Equal(1, changed);
        Assert.Contains($"{name}: is not what its name says", what, StringComparison.Ordinal);
    }

    private (int Status, string Output) Verify(string file, string certificate, string key) => Tool.Run(
        _folder.Path, "sh", Path.Combine(RepositoryFolder.Schema, "verify-bundle.sh"), "--ca", certificate, "--log-key", key, file);

    private void Repair(params string[] from)
    {
        var report = new ArchiveRepairer(_second.Blobs, SampleArchive.Sync).Repair(from, null, CancellationToken.None);
        Assert.Contains(report.Repairs, repair => repair.Subject.StartsWith("origins/", StringComparison.Ordinal));
        Assert.Empty(report.Unrepaired);
    }

    private byte[] FromFirst() => _sample.Export(proofs: row => FirstProof(row.Record));

    private byte[] FirstProof(Digest record)
    {
        using var finder = _sample.Archive.Finder();
        return finder.FindProof(finder.Get(record.Hex))!;
    }

    private byte[] From(Receiver archive)
    {
        using var finder = archive.Finder();
        var planner = new BundlePlanner(archive.Blobs, finder, new ImageNames(archive.Layout, archive.Blobs, SampleArchive.Sync), finder.FindProof);
        var tar = new MemoryStream();
        var bundle = planner.Plan([finder.Get(_sample.Run.Hex)], new ExportOptions { Replays = true });
        new BundleExporter(archive.Blobs).Write(bundle, new BundlePacking(), tar, null, CancellationToken.None);
        return tar.ToArray();
    }

    private IReadOnlyList<OriginProof> Kept(Receiver archive) => new OriginProofs(archive.Layout, SampleArchive.Sync).Of(_sample.Run);

    private VerificationCheck? Origin(Receiver archive)
    {
        using var finder = archive.Finder();
        return finder.CheckOrigins(_sample.Run, finder.Get(_sample.Run.Hex).Signature);
    }

    /// <param name="requirement">Of the second archive's policy.</param>
    /// <param name="asked">Whether its own log is.</param>
    private VerificationCheck Log(string requirement, bool asked = true)
    {
        Directory.CreateDirectory(_second.Layout.Trust);
        File.WriteAllText(_second.Layout.TrustPolicy, $"[require]\n{requirement}\n");
        using var finder = _second.Finder();
        var row = finder.Get(_sample.Run.Hex);
        return new RecordVerifier(_second.Blobs, TrustedCertificates.Load(_second.Layout), _second.Clock) { Origin = finder.CheckOrigins }
            .Verify(row.Record, row.Signature, log: asked ? finder.CheckLog : null).Checks.Single(check => check.Name == "log");
    }

    private void CosignFirst()
    {
        TrustWitness(_sample.Archive.Layout);
        var now = _sample.Archive.Log.FindCheckpoint()!;
        new CheckpointCosigner(_sample.Archive.Layout, SampleArchive.Sync).Take(now.With(_witness.Cosign(now.Note.Text, Noon)).ToBytes());
    }

    private void TrustWitness(StoreLayout layout)
    {
        Directory.CreateDirectory(layout.Trust);
        File.WriteAllText(Path.Combine(layout.Trust, "w1.vkey"), $"{_witness.Verifier}\n");
    }

    private LogLeaf Leaf()
    {
        using var finder = _second.Finder();
        var row = finder.Get(_sample.Run.Hex);
        return LogLeaf.Of(_second.Blobs, row.Kind, row.Record, row.Signature);
    }

    private static void Trust(Receiver archive, StoreLayout other)
    {
        Directory.CreateDirectory(archive.Layout.Trust);
        File.Copy(other.PublishedLogKey, Path.Combine(archive.Layout.Trust, "first.vkey"));
    }

    private static void Change(BundleFiles files, BundledRecord record, BundledRecord changed) => files.Manifest = files.Manifest with
    {
        Records = [.. files.Manifest.Records.Select(listed => listed.Record == record.Record ? changed : listed)],
    };

    /// <summary>By a log that has this one entry, and of which nobody knows the key.</summary>
    private static OriginProof Lone(LogLeaf leaf, string log)
    {
        string root = Convert.ToBase64String(MerkleTree.HashLeaf(leaf.ToBytes()));
        return OriginProof.Parse(Encoding.UTF8.GetBytes(
            $"c2sp.org/tlog-proof@v1\nindex 0\n\n{log}\n1\n{root}\n\n\u2014 {log} {Convert.ToBase64String(new byte[68])}\n"));
    }

    private static byte[] Flip(byte[] proof)
    {
        byte[] flipped = [.. proof];
        int signature = flipped.AsSpan().LastIndexOf((byte)' ') + 12;
        flipped[signature] = flipped[signature] == (byte)'A' ? (byte)'B' : (byte)'A';
        return flipped;
    }

    private static byte[] Unsigned(byte[] proof) => proof[..(proof.AsSpan().LastIndexOf("\n\n"u8) + 1)];
}
