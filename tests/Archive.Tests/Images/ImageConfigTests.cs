using System.Text;
using Provenance.Archive.Images;
using Xunit;

namespace Provenance.Archive.Tests.Images;

/// <summary>Configs as the world writes them.</summary>
public sealed class ImageConfigTests
{
    [Fact]
    public void What_is_not_known_is_passed_over_and_what_is_absent_is_empty()
    {
        var config = Parse("""{"architecture":"amd64","os":"linux","new":{"x":[1]},"config":{"Env":null,"Entrypoint":"one","Cmd":["a"],"User":""}}""");
        Assert.Empty(config.Env);
        Assert.Equal(["one"], config.Entrypoint);
        Assert.Equal(["a"], config.Cmd);
        Assert.Null(config.User);
        Assert.Empty(config.Labels);
    }

    [Fact]
    public void A_byte_order_mark_does_not_matter() => Assert.Equal("arm64", Parse("\uFEFF{\"architecture\":\"arm64\",\"os\":\"linux\"}").Architecture);

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"os":"linux"}""")]
    [InlineData("""{"architecture":"amd64","os":"linux","os":"linux"}""")]
    [InlineData("""{"architecture":"amd64","os":"linux","config":{"Env":"A=b"}}""")]
    [InlineData("""{"architecture":"amd64","os":"linux","rootfs":{"diff_ids":["md5:1"]}}""")]
    public void What_is_no_config_is_refused_in_one_line(string json) =>
        Assert.DoesNotContain('\n', Assert.Throws<ImageException>(() => Parse(json)).Message);

    private static ImageConfig Parse(string json) => ImageConfig.Parse(Encoding.UTF8.GetBytes(json));
}
