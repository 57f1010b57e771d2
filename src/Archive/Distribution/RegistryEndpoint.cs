namespace Provenance.Archive.Distribution;

/// <summary>A server that is asked for a repository: the registry itself, or a mirror of it.</summary>
/// <param name="Base">What <c>v2/</c> is put behind.</param>
/// <param name="Repository">As that server calls it.</param>
/// <param name="CredentialHost">By which credentials for it are found.</param>
/// <param name="IsMirror">Whether somebody else is asked than who was named.</param>
internal sealed record RegistryEndpoint(Uri Base, string Repository, string CredentialHost, bool IsMirror)
{
    /// <summary>In order: mirrors, then the registry itself.</summary>
    public static IReadOnlyList<RegistryEndpoint> For(RegistryReference reference, RegistrySettings settings)
    {
        var mirrors = settings.Mirrors.GetValueOrDefault(reference.Host.Name, []);
        return [.. mirrors.Select(mirror => Mirror(mirror, reference)), Of(reference)];
    }

    /// <summary>The registry itself: what is sent goes there alone.</summary>
    public static RegistryEndpoint Of(RegistryReference reference) =>
        new(reference.Host.Address, reference.Repository, reference.Host.Name, IsMirror: false);

    /// <summary>Below the repository.</summary>
    public Uri At(string path) => new(Base, $"v2/{Repository}/{path}");

    /// <summary>Whether an address is this server's: scheme, host and port.</summary>
    public bool Owns(Uri address) => SameOrigin(Base, address);

    public static bool SameOrigin(Uri a, Uri b) => a.Scheme == b.Scheme && a.IdnHost == b.IdnHost && a.Port == b.Port;

    public override string ToString() => $"{Base.Authority}/{Repository}";

    private static RegistryEndpoint Mirror(Uri mirror, RegistryReference reference)
    {
        string prefix = mirror.AbsolutePath.Trim('/');
        string repository = prefix.Length == 0 ? reference.Repository : $"{prefix}/{reference.Repository}";
        return new RegistryEndpoint(new Uri(mirror.GetLeftPart(UriPartial.Authority) + "/"), repository, mirror.Authority, IsMirror: true);
    }
}
