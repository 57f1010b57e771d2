using Provenance.Archive.Distribution;
using Xunit;

namespace Provenance.Archive.Tests.Distribution;

/// <summary>Names of images in registries, as docker, podman and skopeo read them.</summary>
public sealed class RegistryReferenceTests
{
    private const string Hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Theory]
    [InlineData("debian", "docker.io/library/debian:latest", "https://registry-1.docker.io/")]
    [InlineData("debian:12", "docker.io/library/debian:12", "https://registry-1.docker.io/")]
    [InlineData("docker://debian", "docker.io/library/debian:latest", "https://registry-1.docker.io/")]
    [InlineData("docker:debian", "docker.io/library/debian:latest", "https://registry-1.docker.io/")]
    [InlineData("lab/tool", "docker.io/lab/tool:latest", "https://registry-1.docker.io/")]
    [InlineData("index.docker.io/lab/tool", "docker.io/lab/tool:latest", "https://registry-1.docker.io/")]
    [InlineData("docker.io/debian", "docker.io/library/debian:latest", "https://registry-1.docker.io/")]
    [InlineData("localhost/a", "localhost/a:latest", "http://localhost/")]
    [InlineData("localhost:5000/a/b:1", "localhost:5000/a/b:1", "http://localhost:5000/")]
    [InlineData("127.0.0.1:5000/a", "127.0.0.1:5000/a:latest", "http://127.0.0.1:5000/")]
    [InlineData("[::1]:5000/a", "[::1]:5000/a:latest", "http://[::1]:5000/")]
    [InlineData("registry.example.org/a:v1", "registry.example.org/a:v1", "https://registry.example.org/")]
    [InlineData("registry:443/a", "registry:443/a:latest", "https://registry/")]
    [InlineData("http://registry.example.org/a", "registry.example.org/a:latest", "http://registry.example.org/")]
    [InlineData("https://localhost:5000/a", "localhost:5000/a:latest", "https://localhost:5000/")]
    [InlineData("x.org/a@sha256:" + Hex, "x.org/a@sha256:" + Hex, "https://x.org/")]
    [InlineData("x.org/a:1@sha256:" + Hex, "x.org/a:1@sha256:" + Hex, "https://x.org/")]
    public void A_name_is_read_as_docker_reads_it(string text, string expected, string address)
    {
        var reference = RegistryReference.Parse(text);

        Assert.Equal(expected, reference.ToString());
        Assert.Equal(address, reference.Host.Address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("docker://")]
    [InlineData("x.org/")]
    [InlineData("x.org/A")]
    [InlineData("x.org/a:")]
    [InlineData("x.org/a:b/c")]
    [InlineData("x.org/a/../b")]
    [InlineData("x.org/a?b=c")]
    [InlineData("x.org/a#b")]
    [InlineData("x.org/a b")]
    [InlineData("x.org/a\n")]
    [InlineData("x.org/a@sha512:" + Hex)]
    [InlineData("x.org/a@sha256:abc")]
    [InlineData("user@x.org/a")]
    [InlineData("https://user:secret@x.org/a")]
    [InlineData("x.org:99999999/a")]
    [InlineData("x.org:70000/a")]
    [InlineData("-x.org/a")]
    [InlineData("ftp://x.org/a")]
    public void What_is_no_name_is_refused(string text) =>
        Assert.StartsWith("reference '", Assert.Throws<RegistryException>(() => RegistryReference.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("https://x.org", "x.org/prov")]
    [InlineData("https://x.org/", "x.org/prov")]
    [InlineData("https://x.org/lab/runs", "x.org/lab/runs")]
    [InlineData("docker://x.org/lab/runs/", "x.org/lab/runs")]
    [InlineData("localhost:5000", "localhost:5000/prov")]
    public void A_target_is_a_repository(string text, string expected) => Assert.Equal(expected, RegistryReference.ParseTarget(text, "prov").ToString());

    [Theory]
    [InlineData("lab")]
    [InlineData("lab/runs")]
    [InlineData("x.org/a:tag")]
    [InlineData("https://x.org/A")]
    [InlineData("https:///a")]
    public void A_target_names_a_registry_and_no_tag(string text) => Assert.Throws<RegistryException>(() => RegistryReference.ParseTarget(text, "prov"));
}
