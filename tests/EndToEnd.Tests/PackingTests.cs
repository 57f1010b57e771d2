namespace Provenance.EndToEnd.Tests;

/// <summary>A real Debian in the packings that people have, made by the tools of others, is one tree.</summary>
public sealed class PackingTests(ITestOutputHelper output)
{
    [Fact]
    public void A_Debian_is_one_tree_as_tar_docker_archive_and_OCI_layout()
    {
        foreach (string tool in (string[])["skopeo", "umoci", "jq"])
            Assert.SkipUnless(File.Exists($"/usr/bin/{tool}"), $"{tool} is not installed");
        string tar = DebianImage.Find();
        using var place = new Workplace(Account.Own);
        // umoci compresses the layer, skopeo decompresses it again.
        AssertSucceeds(place, $"umoci init --layout oci && umoci new --image oci:base && umoci raw add-layer --image oci:base --tag debian '{tar}'");
        Assert.Equal("application/vnd.oci.image.layer.v1.tar+gzip\n", AssertSucceeds(place, "skopeo inspect --raw oci:oci:debian | jq -r .layers[].mediaType"));
        AssertSucceeds(place, "skopeo --insecure-policy copy -q oci:oci:debian docker-archive:docker.tar:debian:latest");

        AssertSucceeds(place, $"prov image import -q '{tar}' --name plain");
        AssertSucceeds(place, "prov image import -q docker.tar --name saved && prov image import -q oci:oci:debian --name layout");

        string listed = AssertSucceeds(place, "prov image list --json | jq -r '.[] | \"\\(.tree) \\(.manifest) \\(.name)\"'");
        output.WriteLine(listed);
        string[][] images = [.. listed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))];
        Assert.Equal(["layout", "plain", "saved"], images.Select(image => image[2]).Order(StringComparer.Ordinal));
        Assert.Single(images.Select(image => image[0]).Distinct());
        foreach (string[] image in images)
            Assert.Equal(image[1] + "\n", AssertSucceeds(place, $"skopeo inspect oci:$PROV_ARCHIVE:{image[2]} | jq -r .Digest"));
        AssertSucceeds(place, "skopeo --insecure-policy copy -q oci:$PROV_ARCHIVE:plain dir:copied");
        AssertSucceeds(place, "prov run saved -- cat /etc/debian_version && prov archive fsck");
    }

    private static string AssertSucceeds(Workplace place, string command)
    {
        var result = place.Shell(command);
        Assert.True(result.Status == 0, $"$ {command}\n{result}");
        return result.Output;
    }
}
