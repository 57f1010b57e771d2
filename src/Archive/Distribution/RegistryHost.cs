using System.Net;
using System.Text.RegularExpressions;

namespace Provenance.Archive.Distribution;

/// <summary>A registry by its name and port, and how it is spoken to.</summary>
/// <param name="Name">As in references: <c>docker.io</c>, <c>localhost:5000</c>, <c>[::1]:5000</c>.</param>
/// <param name="IsPlain">Whether over HTTP without TLS.</param>
public sealed partial record RegistryHost(string Name, bool IsPlain)
{
    /// <summary>The registry that names without one mean.</summary>
    public const string DockerHub = "docker.io";

    private const string DockerHubService = "registry-1.docker.io";

    /// <summary>What requests are put behind.</summary>
    public Uri Address => new($"{(IsPlain ? "http" : "https")}://{(Name == DockerHub ? DockerHubService : Name)}/");

    /// <param name="name">A name or address, and a port if it has one.</param>
    /// <param name="scheme">As it was said: <c>http</c>, <c>https</c>; null where it was not, and loopback alone is plain.</param>
    /// <returns>Null for what is no name of a host.</returns>
    public static RegistryHost? Find(string name, string? scheme)
    {
        string plain = name is "index.docker.io" or DockerHubService ? DockerHub : name;
        return Pattern().IsMatch(plain) && Uri.TryCreate($"http://{plain}/", UriKind.Absolute, out var uri) && uri.Host.Length > 0
            ? new RegistryHost(plain, scheme == "http" || (scheme is null && IsLoopback(uri)))
            : null;
    }

    /// <summary>Whether what is sent there does not leave this machine.</summary>
    public static bool IsLoopback(Uri address) =>
        address.IdnHost == "localhost" || (IPAddress.TryParse(address.IdnHost, out var ip) && IPAddress.IsLoopback(ip));

    public override string ToString() => Name;

    // Source: distribution/reference, "domain": what a URI would take beside that is no host of a registry.
    [GeneratedRegex(@"\A(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?\z")]
    private static partial Regex Pattern();
}
