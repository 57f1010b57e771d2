using System.Text;
using CsCheck;
using Provenance.Archive.Content;
using Provenance.Archive.Transparency;
using Xunit;

namespace Provenance.Archive.Tests.Transparency;

public sealed class TlogProofTests : IDisposable
{
    private const string Checkpoint = "origin\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n\n— origin Az3grlgtzPIC\n";
    private const string Hash = "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n";

    private readonly SampleLog _sample = new(entries: 300);

    public void Dispose() => _sample.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(299)]
    public void A_proof_is_read_as_it_was_written_and_includes_its_entry_alone(long index)
    {
        var made = new LogProofs(_sample.Layout, SampleLog.Sync).Make(index);
        byte[] bytes = made.ToBytes();

        var read = TlogProof.Parse(bytes);

        Assert.Equal(bytes, read.ToBytes());
        Assert.Equal(index, read.Index);
        Assert.True(read.Includes(EntryOf(index)));
        Assert.False(read.Includes(EntryOf((index + 1) % 300)));
        Assert.Equal(_sample.Key, read.Checkpoint.Verify(KnownKeys.Load(_sample.Layout)).Log);
    }

    [Fact]
    public void A_proof_is_in_the_form_of_the_specification()
    {
        var proof = new LogProofs(_sample.Layout, SampleLog.Sync).Make(7);

        string text = Encoding.UTF8.GetString(proof.ToBytes());

        Assert.StartsWith("c2sp.org/tlog-proof@v1\nindex 7\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\n\n" + File.ReadAllText(_sample.PathOf("checkpoint")), text, StringComparison.Ordinal);
    }

    [Fact]
    public void Extra_data_is_passed_over()
    {
        var proof = Parse($"c2sp.org/tlog-proof@v1\nextra YWdl\nindex 7\n{Hash}\n{Checkpoint}");

        Assert.Equal((7, 1), (proof.Index, proof.Hashes.Count));
    }

    [Theory]
    [InlineData("", "no empty line separates it from its checkpoint")]
    [InlineData("c2sp.org/tlog-proof@v2\nindex 7\n\n", "begins with 'c2sp.org/tlog-proof@v2', expected 'c2sp.org/tlog-proof@v1'")]
    [InlineData("c2sp.org/tlog-proof@v1\n\n", "has no index")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 07\n\n", "has no index")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex -7\n\n", "has no index")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 9223372036854775808\n\n", "has no index")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 7 \n\n", "has no index")]
    [InlineData("c2sp.org/tlog-proof@v1\nextra *\nindex 7\n\n", "has no index")]
    [InlineData("c2sp.org/tlog-proof@v1\nextra YWdl\nextra YWdl\nindex 7\n\n", "has no index")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 7\nYWdl\n\n", "'YWdl' is no hash")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 7\ngSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlR=\n\n", "'gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlR=' is no hash")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 7\ngSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ= \n\n", "'gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ= ' is no hash")]
    public void A_malformed_proof_is_refused(string proof, string reason)
    {
        string all = proof.EndsWith("\n\n", StringComparison.Ordinal) ? proof + Checkpoint : proof;

        Assert.Equal($"proof of the log: {reason}", Assert.Throws<LogException>(() => Parse(all)).Message);
    }

    [Fact]
    public void A_proof_has_at_most_63_hashes()
    {
        string Proof(int hashes) => $"c2sp.org/tlog-proof@v1\nindex 7\n{string.Concat(Enumerable.Repeat(Hash, hashes))}\n{Checkpoint}";

        Assert.Equal(63, Parse(Proof(63)).Hashes.Count);
        Assert.Equal("proof of the log: has 64 hashes, at most 63 expected", Assert.Throws<LogException>(() => Parse(Proof(64))).Message);
    }

    [Theory]
    [InlineData("\r")]
    [InlineData("\t")]
    public void Control_characters_are_refused(string control) =>
        Assert.Throws<LogException>(() => Parse($"c2sp.org/tlog-proof@v1{control}\nindex 7\n\n{Checkpoint}"));

    [Theory]
    [InlineData("trailing")]
    [InlineData("\n")]
    public void What_follows_the_checkpoint_is_refused(string trailing) =>
        Assert.Throws<LogException>(() => Parse($"c2sp.org/tlog-proof@v1\nindex 7\n\n{Checkpoint}{trailing}"));

    [Fact]
    public void A_hash_too_many_or_too_few_or_in_another_place_is_no_proof()
    {
        var proof = new LogProofs(_sample.Layout, SampleLog.Sync).Make(7);
        byte[] entry = EntryOf(7);

        Assert.False((proof with { Hashes = [.. proof.Hashes, new byte[32]] }).Includes(entry));
        Assert.False((proof with { Hashes = [.. proof.Hashes.SkipLast(1)] }).Includes(entry));
        Assert.False((proof with { Hashes = [.. proof.Hashes.Skip(1)] }).Includes(entry));
        Assert.False((proof with { Hashes = [.. proof.Hashes.Reverse()] }).Includes(entry));
        Assert.False((proof with { Hashes = [.. proof.Hashes.Select(hash => hash[..31])] }).Includes(entry));
        Assert.False((proof with { Index = 6 }).Includes(entry));
        Assert.False((proof with { Index = 300 }).Includes(entry));
    }

    [Fact]
    public void Every_flipped_bit_of_a_proof_is_noticed()
    {
        byte[] entry = EntryOf(299);
        byte[] bytes = new LogProofs(_sample.Layout, SampleLog.Sync).Make(299).ToBytes();
        var known = KnownKeys.Load(_sample.Layout);

        Gen.Int[0, (bytes.Length * 8) - 1].Sample(
            bit =>
            {
                byte[] flipped = [.. bytes];
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.False(Holds(flipped, entry, known), $"bit {bit}");
            },
            iter: 2000);
    }

    [Fact]
    public void Proofs_of_any_log_hold_for_each_of_its_entries() => Gen.Int[1, 600].Sample(
        size =>
        {
            using var sample = new SampleLog(size);
            var proofs = new LogProofs(sample.Layout, SampleLog.Sync);
            for (int index = 0; index < size; index += 1 + (size / 7))
            {
                Assert.True(TlogProof.Parse(proofs.Make(index).ToBytes()).Includes(EntryOf(index)));
            }
        },
        iter: 20);

    [Fact]
    public void A_kept_proof_is_found_and_one_that_is_damaged_says_so()
    {
        var record = Digest.Of("record"u8);
        var proofs = new LogProofs(_sample.Layout, SampleLog.Sync);
        proofs.Keep([record], 3, _sample.Now);

        Assert.True(proofs.Find(record)!.Includes(EntryOf(3)));
        Assert.Null(proofs.Find(Digest.Of("other"u8)));
        File.WriteAllText(_sample.Layout.ProofPath(record), "");
        Assert.Throws<LogException>(() => proofs.Find(record));
    }

    [Fact]
    public void An_entry_that_is_not_there_has_no_proof() =>
        Assert.Equal("the log has no entry 300", Assert.Throws<LogException>(() => new LogProofs(_sample.Layout, SampleLog.Sync).Make(300)).Message);

    private static bool Holds(byte[] bytes, byte[] entry, KnownKeys known)
    {
        try
        {
            var proof = TlogProof.Parse(bytes);
            return proof.Includes(entry) && proof.Checkpoint.Verify(known).Log is not null;
        }
        catch (LogException)
        {
            return false;
        }
    }

    private static byte[] EntryOf(long index) => SampleLog.Numbers(index, 1).Single();

    private static TlogProof Parse(string text) => TlogProof.Parse(Encoding.UTF8.GetBytes(text));
}
