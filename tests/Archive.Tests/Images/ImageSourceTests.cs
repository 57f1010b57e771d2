using Provenance.Archive.Images;
using Xunit;

namespace Provenance.Archive.Tests.Images;

/// <summary>References to images outside the archive.</summary>
public sealed class ImageSourceTests
{
    [Theory]
    [InlineData("docker-archive:a/b.tar", ImagePacking.DockerArchive, "a/b.tar", null)]
    [InlineData("docker-archive:b.tar:group/name:tag", ImagePacking.DockerArchive, "b.tar", "group/name:tag")]
    [InlineData("oci:/x/y:latest", ImagePacking.OciLayout, "/x/y", "latest")]
    [InlineData("oci:/x/y:", ImagePacking.OciLayout, "/x/y", null)]
    [InlineData("oci-archive:f", ImagePacking.OciArchive, "f", null)]
    [InlineData("tar:a:b", ImagePacking.RootfsTar, "a:b", null)]
    [InlineData("dir:/", ImagePacking.Folder, "/", null)]
    [InlineData("a.tar", null, "a.tar", null)]
    [InlineData("./oci:x", null, "./oci:x", null)]
    [InlineData("x:y", null, "x:y", null)]
    [InlineData("-", null, "-", null)]
    public void A_reference_is_a_transport_a_path_and_a_name(string text, ImagePacking? packing, string path, string? reference) =>
        Assert.Equal(
            new ImageSource { Packing = packing, Path = path, Reference = reference },
            ImageSource.Parse(text));

    [Theory]
    [InlineData("docker://debian:12", "image 'docker://debian:12': is in a registry, and has to be pulled first")]
    [InlineData("tar:", "image 'tar:': names no file")]
    [InlineData("oci::x", "image ':x': names no file")]
    public void A_reference_that_means_nothing_says_so(string text, string message) =>
        Assert.Equal(message, Assert.Throws<ImageException>(() => ImageSource.Parse(text)).Message);

    [Fact]
    public void A_path_that_is_not_there_says_so()
    {
        using var bench = new ImportBench();
        Assert.Equal("image '/nowhere': no such file or folder", Assert.Throws<ImageException>(() => bench.Import("/nowhere")).Message);
        Assert.Equal("image '/nowhere': no such folder", Assert.Throws<ImageException>(() => bench.Import("oci:/nowhere")).Message);
    }
}
