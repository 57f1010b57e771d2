using System.ComponentModel;
using System.Diagnostics;
using Provenance.Archive.Content;
using Xunit;

namespace Provenance.Archive.Tests.Images;

/// <summary>What the world's tools make is read, and what we keep is read by them.</summary>
public sealed class ForeignToolTests : IDisposable
{
    private readonly ImportBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Sparse_files_of_all_forms_that_GNU_tar_writes_are_one_tree()
    {
        MakeRootFileSystem();
        string[] forms =
        [
            "--format=gnu", "--format=gnu -S", "--format=pax --sparse-version=0.0 -S", "--format=pax --sparse-version=0.1 -S",
            "--format=pax --sparse-version=1.0 -S", "--format=pax -z", "--format=gnu -j", "--format=ustar -J", "--format=pax --zstd",
        ];
        var trees = forms.Select((form, i) =>
        {
            Run($"tar -C root {form} -cf {i}.tar .");
            return _bench.Import(_bench.PathOf($"{i}.tar")).Tree;
        });
        Assert.Single(trees.ToArray().Distinct());
    }

    [Fact]
    public void Skopeo_reads_the_archive_by_name_and_what_it_copies_is_the_same_tree()
    {
        MakeRootFileSystem();
        Run("tar -C root -cf root.tar .");
        var image = _bench.Import(_bench.PathOf("root.tar"));
        _bench.Names.Set("group/tool:1.0", image, null);
        string archive = $"oci:{_bench.Layout.Root}:group/tool:1.0";
        Assert.Contains(image.Manifest.Digest.ToString(), Run($"skopeo inspect {archive}"), StringComparison.Ordinal);
        foreach (string target in (string[])["docker-archive:docker.tar:x:1", "oci-archive:oci.tar:x", "oci:layout:x"])
        {
            Run($"skopeo copy -q {archive} {target}");
        }

        Assert.All(["docker.tar", "oci.tar", "layout"], name => Assert.Equal(image.Tree, _bench.Import(_bench.PathOf(name)).Tree));
    }

    [Fact]
    public void An_image_that_umoci_packed_in_layers_is_the_tree_of_its_files()
    {
        MakeRootFileSystem();
        Run("umoci init --layout layout && umoci new --image layout:x && umoci unpack --rootless --image layout:x bundle"
            + " && cp -a root/. bundle/rootfs/ && umoci repack --image layout:x bundle"
            + " && rm -r bundle/rootfs/etc/gone && rm root/etc/gone/* && rmdir root/etc/gone"
            + " && echo more > bundle/rootfs/etc/motd && echo more > root/etc/motd && umoci repack --image layout:y bundle");
        Run("tar -C root -cf root.tar .");
        Assert.Equal(_bench.Import(_bench.PathOf("root.tar")).Tree, _bench.Import($"oci:{_bench.PathOf("layout")}:y").Tree);
    }

    [Fact]
    public void A_stranger_computes_the_tree_digest_with_find_jq_and_sha256sum()
    {
        MakeRootFileSystem();
        Run("tar -C root -cf root.tar .");
        string page = Path.Combine(RepositoryFolder.Schema, "FORMAT.d", "images.md");
        string text = File.ReadAllText(File.Exists(page) ? page : Path.Combine(RepositoryFolder.Schema, "FORMAT.md"));
        int start = text.IndexOf("tree_manifest() (", StringComparison.Ordinal);
        string script = text[start..text.IndexOf("```", start, StringComparison.Ordinal)];
        string digest = Run(script.Replace("FOLDER", "root", StringComparison.Ordinal), "jq")[..64];
        string listed = Run(script.Replace("FOLDER | sha256sum", "root", StringComparison.Ordinal), "jq");
        var image = _bench.Import(_bench.PathOf("root.tar"));
        Assert.Equal(_bench.Manifest(image), listed);
        Assert.Equal(image.Tree.Hex, digest);
    }

    [Fact]
    public void The_example_in_the_format_is_true()
    {
        byte[] tar = TarBuilder.New().Folder("etc").File("etc/motd", "hello\n").Link("motd", "etc/motd").Build();
        Assert.Equal(
            Digest.Parse("sha256:c679020c894bf52214514115802270b306cdb3a9fbce6554ac9d4667b0648c13"),
            _bench.Import(_bench.Put("a.tar", tar)).Tree);
    }

    private void MakeRootFileSystem() => Run(
        "mkdir -p root/etc/gone root/usr/bin root/closed && cp /bin/true root/usr/bin/ && ln -s usr/bin root/bin && echo hi > root/etc/motd"
        + " && ln root/etc/motd root/etc/motd2 && echo x > root/etc/gone/x && chmod 4755 root/usr/bin/true && chmod 700 root/closed"
        + " && truncate -s 3M root/holes && printf x | dd of=root/holes bs=1 seek=2000000 conv=notrunc status=none"
        + " && mkdir -p root/a && touch root/a-b root/a/c root/a0 'root/etc/name with spaces'");

    /// <summary>Skips when the tool that comes first is not there.</summary>
    private string Run(string script, string? tool = null)
    {
        tool ??= script.Split(' ')[0];
        var start = new ProcessStartInfo("bash", ["-ec", $"umask 022; {script}"])
        {
            WorkingDirectory = _bench.Sources,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Assert.SkipUnless(IsThere(tool), $"{tool} is not installed");
        using var process = Process.Start(start) ?? throw new Win32Exception("bash");
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{script}: {errors.Result}");
        return output;
    }

    private static bool IsThere(string tool) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, tool)));
}
