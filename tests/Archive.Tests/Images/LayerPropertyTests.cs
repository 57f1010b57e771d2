using CsCheck;
using Provenance.Archive.Images;
using Provenance.Archive.Images.Tree;
using Xunit;

namespace Provenance.Archive.Tests.Images;

/// <summary>Random layers and random damage: what must hold whatever comes.</summary>
public sealed class LayerPropertyTests
{
    private static readonly string[] Paths = ["a", "b", "a/b", "a/c", "b/a", "a/b/c", "l", "l/x", "l/../a", "/a/b/", "./c"];

    private static readonly Gen<string> Path = Gen.Int[0, Paths.Length - 1].Select(which => Paths[which]);

    private static readonly Gen<Func<TarBuilder, TarBuilder>> Entry = Gen.Select(Gen.Int[0, 6], Path, Path).Select<(int, string, string), Func<TarBuilder, TarBuilder>>(
        choice => tar => choice.Item1 switch
        {
            0 => tar.Folder(choice.Item2),
            1 => tar.File(choice.Item2, choice.Item3),
            2 => tar.Link(choice.Item2, choice.Item3),
            3 => tar.HardLink(choice.Item2, choice.Item3),
            4 => tar.File(Whiteout(choice.Item2)),
            5 => tar.File($"{choice.Item2}/.wh..wh..opq"),
            _ => tar.Device(choice.Item2, '6'),
        });

    private static readonly Gen<TarBuilder[]> Layers =
        Entry.Array[0, 6].Select(entries => entries.Aggregate(TarBuilder.New(), (tar, entry) => entry(tar))).Array[1, 4];

    [Fact]
    public void Whoever_unpacks_what_is_told_has_the_tree_that_is_digested() => Layers.Sample(
        layers =>
        {
            try
            {
                // It compares inside.
                ImportBench.Overlay(layers);
            }
            catch (HostileImageException)
            {
                // Two entries of one path, a link out of the root: refused is as good.
            }

            return true;
        },
        iter: 3000);

    [Fact]
    public void The_order_of_paths_is_that_of_their_bytes() => Gen.Select(Gen.String, Gen.String).Sample((a, b) =>
    {
        var (x, y) = (Valid(a), Valid(b));
        int expected = System.Text.Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(y));
        return Math.Sign(Utf8Order.Compare(x, y)) == Math.Sign(expected);
    });

    [Fact]
    public void Damage_anywhere_in_an_archive_is_refused_or_does_not_matter()
    {
        byte[] layer = TarBuilder.New().Folder("etc").File("etc/motd", "hello").Link("l", "etc").Build();
        byte[][] archives =
        [
            Packer.DockerArchive("a:1", layer),
            Packer.Tar([.. Packer.OciLayout(("linux/amd64", [Packer.Gzip(layer)]))]),
            Packer.LegacyArchive(true, layer),
            Packer.Zstd(layer),
            Packer.Bzip2(layer),
        ];
        Gen.Select(Gen.Int[0, archives.Length - 1], Gen.Int[0, int.MaxValue], Gen.Byte).Sample(
            (which, where, value) =>
            {
                using var bench = new ImportBench();
                byte[] archive = [.. archives[which]];
                archive[where % archive.Length] = value;
                return ImportsOrRefuses(bench, bench.Put("a.tar", archive));
            },
            iter: 400);
    }

    private static bool ImportsOrRefuses(ImportBench bench, string source)
    {
        try
        {
            bench.Import(source, new MemoryTree());
        }
        catch (ArchiveException e)
        {
            Assert.DoesNotContain('\n', e.Message);
            bench.AssertNothingLeft();
        }

        return true;
    }

    private static string Whiteout(string path)
    {
        int slash = path.TrimEnd('/').LastIndexOf('/');
        return $"{path[..(slash + 1)]}.wh.{path.TrimEnd('/')[(slash + 1)..]}";
    }

    private static string Valid(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}
