using System.Text;
using CsCheck;
using Provenance.Archive.Content;
using Provenance.Archive.Transparency;
using Xunit;

namespace Provenance.Archive.Tests.Transparency;

public sealed class TransparencyLogTests : IDisposable
{
    // RFC 6962 trees over the eight leaves of transparency-dev/merkle, testonly/constants.go, by number of leaves.
    private static readonly string[] Leaves =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    private static readonly string[] Roots =
    [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly TransparencyLog _log;

    public TransparencyLogTests()
    {
        _log = NewLog(_folder.Path);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Roots_are_those_of_RFC_6962()
    {
        foreach (string leaf in Leaves)
        {
            _log.Append([Convert.FromHexString(leaf)]);
        }

        for (int size = 0; size < Roots.Length; size++)
        {
            Assert.Equal(Roots[size], Convert.ToHexStringLower(_log.RootAt(size)));
        }
    }

    [Fact]
    public void An_empty_log_has_no_checkpoint()
    {
        Assert.Null(_log.FindCheckpoint());
        Assert.Equal(0, _log.Size);
        Assert.Empty(_log.Entries(0, 0));
    }

    [Fact]
    public void Files_stand_where_tlog_tiles_puts_them()
    {
        // The example of the specification, scaled: 70,000 entries are 273 full tiles and one of 112, and so on upwards.
        _log.Append([.. Numbers(0, 70_000)]);

        Assert.Equal(8192, Length("tile/0/272"));
        Assert.Equal(112 * 32, Length("tile/0/273.p/112"));
        Assert.Equal(8192, Length("tile/1/000"));
        Assert.Equal(17 * 32, Length("tile/1/001.p/17"));
        Assert.Equal(32, Length("tile/2/000.p/1"));
        Assert.True(Length("tile/entries/273.p/112") > 0);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "log", "tile", "3")));
        string[] lines = File.ReadAllText(Path.Combine(_folder.Path, "log", "checkpoint")).Split('\n');
        Assert.Equal(6, lines.Length);
        Assert.StartsWith("prov-archive/", lines[0], StringComparison.Ordinal);
        Assert.Equal("70000", lines[1]);
        Assert.Equal(_log.RootAt(70_000), Convert.FromBase64String(lines[2]));
    }

    [Fact]
    public void Any_way_of_appending_gives_the_same_log_and_valid_proofs() =>
        Gen.Int[1, 300].Array[1, 6].Sample(
            batches =>
            {
                using var folder = new TemporaryFolder();
                var log = NewLog(folder.Path);
                var heads = new List<TreeHead>();
                foreach (int count in batches)
                {
                    heads.Add(log.Append([.. Numbers(log.Size, count)]).Tree);
                }

                Assert.Equal(Numbers(0, (int)log.Size), log.Entries(0, log.Size));
                CheckProofs(log, heads);
                CheckOnlyNewestPartialsStay(folder.Path, log.Size);
            },
            iter: 20);

    [Fact]
    public void What_a_writer_that_died_left_beyond_the_checkpoint_is_not_in_the_log()
    {
        _log.Append([.. Numbers(0, 250)]);
        byte[] checkpoint = File.ReadAllBytes(Path.Combine(_folder.Path, "log", "checkpoint"));
        _log.Append([.. Numbers(1000, 600)]);
        File.WriteAllBytes(Path.Combine(_folder.Path, "log", "checkpoint"), checkpoint);
        File.WriteAllBytes(Path.Combine(_folder.Path, "keys", "log", "seen"), checkpoint);

        Assert.Equal(Numbers(0, 250), _log.Entries(0, _log.Size));
        var head = _log.Append([.. Numbers(250, 2)]).Tree;

        Assert.Equal(252, head.Size);
        Assert.Equal(Numbers(0, 252), _log.Entries(0, 252));
        Assert.True(head.HasRoot(_log.RootAt(252)));
        CheckOnlyNewestPartialsStay(_folder.Path, 252);
    }

    [Fact]
    public void A_reader_of_an_older_size_is_served_from_the_wider_tile()
    {
        var old = _log.Append([.. Numbers(0, 3)]).Tree;
        _log.Append([.. Numbers(3, 4)]);

        Assert.True(old.HasRoot(_log.RootAt(3)));
        Assert.Equal(Numbers(0, 3), _log.Entries(0, 3));
    }

    private static void CheckProofs(TransparencyLog log, List<TreeHead> heads)
    {
        var now = heads[^1];
        foreach (var old in heads)
        {
            Assert.True(MerkleTree.VerifyConsistency(old, now, log.ConsistencyProof(old.Size, now.Size)));
            long index = old.Size - 1;
            var leaf = new TreeLeaf(index, MerkleTree.HashLeaf(log.Entries(index, index + 1).Single()));
            var proof = log.InclusionProof(index, now.Size);
            Assert.True(MerkleTree.VerifyInclusion(leaf, now, proof));
            Assert.False(MerkleTree.VerifyInclusion(leaf with { Index = (index + 1) % now.Size }, now, proof) && now.Size > 1);
        }
    }

    private static void CheckOnlyNewestPartialsStay(string root, long size)
    {
        foreach (string partials in Directory.EnumerateDirectories(Path.Combine(root, "log"), "*.p", SearchOption.AllDirectories))
        {
            Assert.Single(Directory.EnumerateFiles(partials));
            Assert.False(File.Exists(partials[..^2]), "a full tile has no partial one beside it");
        }

        string tail = Path.Combine(root, "log", "tile", "entries", $"{size / 256:000}.p");
        Assert.Equal(size % 256 != 0, Directory.Exists(tail));
    }

    private static TransparencyLog NewLog(string root) => new(new StoreLayout(root), _ => { });

    private static IEnumerable<byte[]> Numbers(long from, int count) =>
        Enumerable.Range(0, count).Select(i => Encoding.ASCII.GetBytes($"entry {from + i}"));

    private long Length(string path) => new FileInfo(Path.Combine(_folder.Path, "log", path)).Length;
}
