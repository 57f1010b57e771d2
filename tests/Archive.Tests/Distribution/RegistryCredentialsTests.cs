using System.Text;
using Provenance.Archive.Distribution;
using Xunit;

namespace Provenance.Archive.Tests.Distribution;

/// <summary>Credentials as podman and docker keep them.</summary>
public sealed class RegistryCredentialsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<(string Helper, string Server)> _asked = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("x.org", null, "host")]
    [InlineData("x.org", "other", "host")]
    [InlineData("x.org", "lab", "lab")]
    [InlineData("x.org", "lab/tool", "tool")]
    [InlineData("x.org", "lab/tools", "lab")]
    [InlineData("y.org", "lab", "scheme")]
    [InlineData("docker.io", "library/debian", "hub")]
    [InlineData("z.org", null, null)]
    public void The_most_telling_entry_is_taken(string host, string? repository, string? user)
    {
        var credentials = Of($$"""
            {"auths":{"x.org":{"auth":"{{Auth("host:p")}}"},"x.org/lab":{"auth":"{{Auth("lab:p")}}"},"x.org/lab/tool":{"auth":"{{Auth("tool:a:b")}}"},
             "https://y.org/v1/":{"auth":"{{Auth("scheme:p")}}"},"https://index.docker.io/v1/":{"auth":"{{Auth("hub:p")}}"} } }
            """);

        Assert.Equal(user, credentials.Find(host, repository)?.User);
        Assert.Equal(user == "tool" ? "a:b" : user is null ? null : "p", credentials.Find(host, repository)?.Password);
    }

    [Fact]
    public void A_program_is_asked_for_the_hosts_it_is_named_for()
    {
        var credentials = Of("""{"credHelpers":{"x.org":"pass"},"credsStore":"secretservice","auths":{"z.org":{}}}""");

        Assert.Equal("Ada", credentials.Find("x.org", "lab")?.User);
        Assert.Equal("Ada", credentials.Find("docker.io")?.User);
        Assert.Equal([("pass", "x.org"), ("secretservice", "https://index.docker.io/v1/")], _asked);
    }

    [Fact]
    public void Tokens_are_told_from_passwords()
    {
        var credentials = Of("""{"auths":{"x.org":{"identitytoken":"i"},"y.org":{"registrytoken":"r"}}}""");

        Assert.Equal("i", credentials.Find("x.org")?.IdentityToken);
        Assert.Equal("r", credentials.Find("y.org")?.RegistryToken);
        Assert.DoesNotContain("i", credentials.Find("x.org")!.ToString().Replace("credential of ''", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "is no JSON")]
    [InlineData("[]", "is no JSON object")]
    [InlineData("""{"auths":{"x.org":{"auth":"%%%"}}}""", "'auth' of 'x.org' is not 'user:password' in base64")]
    [InlineData("""{"auths":{"x.org":{"auth":"YWJj"}}}""", "'auth' of 'x.org' is not 'user:password' in base64")]
    [InlineData("""{"credHelpers":{"x.org":"../../bin/sh"}}""", "names a helper that is no name of a program")]
    public void A_malformed_file_is_told(string json, string message) =>
        Assert.Contains(message, Assert.Throws<RegistryException>(() => Of(json).Find("x.org")).Message, StringComparison.Ordinal);

    [Fact]
    public void Files_are_looked_into_in_podmans_order_and_a_named_one_must_be_there()
    {
        Put("run/containers/auth.json", "podman");
        Put("home/.docker/config.json", "docker");
        var variables = new Dictionary<string, string> { ["HOME"] = PathOf("home"), ["XDG_RUNTIME_DIR"] = PathOf("run") };

        Assert.Equal("podman", Default().Find("x.org")?.User);
        variables["XDG_RUNTIME_DIR"] = PathOf("none");
        Assert.Equal("docker", Default().Find("x.org")?.User);
        Put("home/.config/containers/auth.json", "config");
        Assert.Equal("config", Default().Find("x.org")?.User);
        variables["REGISTRY_AUTH_FILE"] = PathOf("missing.json");
        Assert.Contains("missing.json", Assert.Throws<RegistryException>(() => Default().Find("x.org")).Message, StringComparison.Ordinal);

        RegistryCredentials Default() => RegistryCredentials.Default(name => variables.GetValueOrDefault(name), 4_000_000_000, null);
    }

    private static string Auth(string pair) => Convert.ToBase64String(Encoding.UTF8.GetBytes(pair));

    private string PathOf(string name) => Path.Combine(_folder.Path, name);

    private void Put(string name, string user)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), $$"""{"auths":{"x.org":{"auth":"{{Auth(user + ":p")}}"} } }""");
    }

    private RegistryCredentials Of(string json)
    {
        File.WriteAllText(PathOf("auth.json"), json);
        return RegistryCredentials.Of(PathOf("auth.json"), (helper, server) =>
        {
            _asked.Add((helper, server));
            return """{"Username":"Ada","Secret":"s"}"""u8.ToArray();
        });
    }
}
