using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Runtime.Native;
using Provenance.Runtime.Rootfs;
using Xunit;
using static Provenance.Kernel.Tests.Rootfs.UnpackFixture;

namespace Provenance.Kernel.Tests.Rootfs;

/// <summary>The cache of trees: what has a final name is whole, and nothing is left of what was not finished.</summary>
public sealed class RootfsStoreTests : IDisposable
{
    private const string UnpackForEver = "PROV_TEST_UNPACK_FOR_EVER";

    private readonly UnpackFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void What_is_aborted_leaves_nothing()
    {
        using (var tree = _fixture.Store.Begin())
        {
            WriteFolder(tree, "folder", "000");
            WriteFile(tree, "folder/file", "content");
            tree.Abort();
        }

        Assert.Empty(_fixture.CacheNames());
        Assert.Null(_fixture.Store.Find(DigestOf("image")));
    }

    [Fact]
    public void A_second_import_of_a_tree_finds_the_first()
    {
        string first = _fixture.Unpack("image", tree => WriteFile(tree, "file", "content"));
        var before = new DirectoryInfo(first).CreationTimeUtc;
        string second = _fixture.Unpack("image", tree => WriteFile(tree, "file", "content"));

        Assert.Equal(first, second);
        Assert.Equal(before, new DirectoryInfo(second).CreationTimeUtc);
        Assert.Equal([DigestOf("image").Hex], _fixture.CacheNames());
    }

    [Fact]
    public void Two_imports_at_once_keep_out_of_each_others_way()
    {
        using var one = _fixture.Store.Begin();
        using var two = _fixture.Store.Begin();
        WriteFile(one, "file", "same");
        WriteFile(two, "file", "same");
        two.Commit(DigestOf("image"));
        one.Commit(DigestOf("image"));

        Assert.Equal([DigestOf("image").Hex], _fixture.CacheNames());
        Assert.Equal("same", File.ReadAllText(Path.Combine(_fixture.Store.Find(DigestOf("image"))!, "file")));
    }

    [Fact]
    public void What_a_killed_import_left_is_removed_by_the_next_and_what_lives_is_not()
    {
        using var child = StartUnpackingForEver();
        try
        {
            WaitUntil(() => Directory.Exists(Path.Combine(_fixture.Store.Folder, ".unpacking-0", "d3")));
            _fixture.Unpack("meanwhile", tree => WriteFile(tree, "file", "content"));
            Assert.True(Directory.Exists(Path.Combine(_fixture.Store.Folder, ".unpacking-0", "d3")));
        }
        finally
        {
            child.Kill();
            child.WaitForExit();
        }

        Assert.Equal([".unpacking-0", ".unpacking-0.files", ".unpacking-0.lock", DigestOf("meanwhile").Hex], _fixture.CacheNames());
        _fixture.Unpack("after", tree => WriteFile(tree, "file", "content"));
        Assert.Equal(
            new[] { DigestOf("after").Hex, DigestOf("meanwhile").Hex }.Order(StringComparer.Ordinal), _fixture.CacheNames());
    }

    /// <summary>Not a test of its own: the process that the test above kills.</summary>
    [Fact]
    public void Unpacking_for_ever()
    {
        string? archive = Environment.GetEnvironmentVariable(UnpackForEver);
        Assert.SkipWhen(archive is null, "runs only as the child that another test kills");
        using var tree = new RootfsStore(new StoreLayout(archive)).Begin();
        for (int i = 0; ; i++)
        {
            WriteFolder(tree, $"d{i}", "000");
            WriteFile(tree, $"d{i}/file", $"{i}");
            Thread.Sleep(1);
        }
    }

    [Fact]
    public void A_tree_is_compared_with_its_manifest()
    {
        string root = _fixture.Unpack("image", tree =>
        {
            WriteFolder(tree, "etc");
            WriteFile(tree, "etc/passwd", "root", "4644");
            WriteLink(tree, "etc/link", "passwd");
        });
        TreeEntry[] manifest =
        [
            new() { Path = "etc", Type = TreeEntryType.Folder, Mode = "0755" },
            new() { Path = "etc/link", Type = TreeEntryType.Link, Mode = "0777", Target = "passwd" },
            new() { Path = "etc/null", Type = TreeEntryType.CharacterDevice, Mode = "0666", Device = "1:3" },
            new() { Path = "etc/passwd", Type = TreeEntryType.File, Mode = "4644", Size = 4, Sha256 = HexOf("root") },
        ];
        Assert.Empty(Verify(manifest).Differences);

        File.WriteAllBytes(Path.Combine(root, "etc/passwd"), "evil"u8.ToArray());
        File.Delete(Path.Combine(root, "etc/link"));
        File.CreateSymbolicLink(Path.Combine(root, "etc/extra"), "/");
        Assert.Equal(
            ["etc/extra", "etc/link", "etc/passwd"],
            Verify(manifest).Differences.Select(line => line.Split('\'')[1]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_cache_of_an_archive_that_is_not_ours_is_the_users_own()
    {
        string archive = Path.Combine(_fixture.Folder, "another");
        string own = Path.Combine(_fixture.Folder, "own");
        Assert.Equal(Path.Combine(archive, "cache/rootfs"), new RootfsStore(new StoreLayout(archive), own).Folder);

        // Folders that everybody has and nobody but root may write to; to root they are its own, so another's is taken.
        var foreign = Identity.EffectiveUid == 0 ? MakeForeign(archive) : new StoreLayout("/proc");
        Assert.Equal(Path.Combine(own, "rootfs"), new RootfsStore(foreign, own).Folder);
    }

    private static StoreLayout MakeForeign(string archive)
    {
        var layout = new StoreLayout(archive);
        Directory.CreateDirectory(layout.Cache);
        using var cache = Files.OpenFolder(layout.Cache);
        Files.SetOwner(cache, 12345, 12345, "cache");
        return layout;
    }

    private TreeVerification Verify(TreeEntry[] manifest) =>
        _fixture.Store.Verify(DigestOf("image"), manifest, TestContext.Current.CancellationToken);

    private static string HexOf(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    private Process StartUnpackingForEver()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { "-method", $"{typeof(RootfsStoreTests).FullName}.{nameof(Unpacking_for_ever)}" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[UnpackForEver] = Path.Combine(_fixture.Folder, "archive");
        return Process.Start(start)!;
    }

    private static void WaitUntil(Func<bool> reached)
    {
        for (int i = 0; i < 600 && !reached(); i++)
            Thread.Sleep(100);
        Assert.True(reached(), string.Create(CultureInfo.InvariantCulture, $"not reached within {60} seconds"));
    }
}
