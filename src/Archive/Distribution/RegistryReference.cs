using System.Text.RegularExpressions;
using Provenance.Archive.Content;
using Provenance.Archive.Images;

namespace Provenance.Archive.Distribution;

/// <summary>An image in a registry, or a repository of one, as people write it.</summary>
/// <remarks>
/// Source: distribution/reference, "reference": <c>host[:port]/name[:tag][@digest]</c>; names, tags and digests as in the OCI distribution-spec v1.1.1,
/// "Pulling manifests". As with docker, the first part is a host when it has a dot or a colon, or is <c>localhost</c>; else Docker Hub is meant.
/// </remarks>
public sealed partial record RegistryReference
{
    private const string Transport = "docker:";
    private const string DefaultTag = "latest";
    private const int MaxRepositoryLength = 255;

    private RegistryReference()
    {
    }

    public required RegistryHost Host { get; init; }

    public required string Repository { get; init; }

    /// <summary>Null when a digest alone is named.</summary>
    public string? Tag { get; init; }

    /// <summary>What the manifest must be, whatever the tag means.</summary>
    public Digest? Digest { get; init; }

    /// <summary>What a manifest is asked for by: the digest where there is one.</summary>
    public string Asked => Digest?.ToString() ?? Tag!;

    /// <summary>Whether somebody names a registry for sure, and no file.</summary>
    public static bool IsMeant(string text) => text.StartsWith("docker://", StringComparison.Ordinal)
        || text.StartsWith("http://", StringComparison.Ordinal) || text.StartsWith("https://", StringComparison.Ordinal);

    /// <summary>Takes <c>docker://host/name:tag@digest</c>, the same without <c>docker://</c>, or with <c>http://</c> or <c>https://</c>.</summary>
    /// <exception cref="RegistryException">It is none of these.</exception>
    public static RegistryReference Parse(string text)
    {
        var (scheme, rest) = SplitScheme(text);
        var (host, path) = SplitHost(text, scheme, rest);
        Digest? digest = null;
        int at = path.IndexOf('@', StringComparison.Ordinal);
        if (at >= 0)
        {
            digest = Content.Digest.TryParse(path[(at + 1)..], out var parsed)
                ? parsed
                : throw Malformed(text, $"{TreePath.Quote(path[(at + 1)..])} is no sha256 digest");
            path = path[..at];
        }

        int colon = path.LastIndexOf(':');
        string? tag = colon < 0 ? null : path[(colon + 1)..];
        path = colon < 0 ? path : path[..colon];
        if (tag is not null && !IsTag(tag))
        {
            throw Malformed(text, $"{TreePath.Quote(tag)} is no tag");
        }

        if (host.Name == RegistryHost.DockerHub && !path.Contains('/', StringComparison.Ordinal))
        {
            path = "library/" + path;
        }

        return new RegistryReference
        {
            Host = host,
            Repository = Checked(text, path),
            Tag = tag ?? (digest is null ? DefaultTag : null),
            Digest = digest,
        };
    }

    /// <summary>
    /// Takes a repository, or a registry alone: <c>https://host</c>, <c>https://host/repository</c>, <c>docker://host/repository</c>, or the last
    /// without its beginning.
    /// </summary>
    /// <param name="text">As somebody wrote it.</param>
    /// <param name="repository">Where none is named.</param>
    /// <exception cref="RegistryException">It is none of these, or has a tag.</exception>
    public static RegistryReference ParseTarget(string text, string repository)
    {
        var (scheme, rest) = SplitScheme(text);
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string name = slash < 0 ? rest : rest[..slash];
        string path = slash < 0 ? "" : rest[(slash + 1)..].TrimEnd('/');
        if (scheme is null && !IsHostPart(name))
        {
            throw Malformed(text, "names no registry, expected https://HOST[/REPOSITORY] or docker://HOST/REPOSITORY");
        }

        return new RegistryReference
        {
            Host = RegistryHost.Find(name, scheme) ?? throw Malformed(text, $"{TreePath.Quote(name)} is no name of a host"),
            Repository = Checked(text, path.Length == 0 ? repository : path),
        };
    }

    public static bool IsRepository(string text) => text.Length <= MaxRepositoryLength && RepositoryPattern().IsMatch(text);

    public static bool IsTag(string text) => TagPattern().IsMatch(text);

    /// <summary>The same repository, at another manifest.</summary>
    public RegistryReference At(string tag) => this with { Tag = tag, Digest = null };

    /// <inheritdoc cref="At(string)"/>
    public RegistryReference At(Digest digest) => this with { Tag = null, Digest = digest };

    public override string ToString() =>
        $"{Host}/{Repository}{(Tag is null ? "" : $":{Tag}")}{(Digest is null ? "" : $"@{Digest}")}";

    private static (string? Scheme, string Place) SplitScheme(string text)
    {
        foreach (string scheme in (string[])["http", "https"])
        {
            if (text.StartsWith($"{scheme}://", StringComparison.Ordinal))
            {
                return (scheme, text[(scheme.Length + 3)..]);
            }
        }

        return (null, text.StartsWith(Transport, StringComparison.Ordinal) ? text[Transport.Length..].TrimStart('/') : text);
    }

    private static (RegistryHost Host, string Path) SplitHost(string text, string? scheme, string rest)
    {
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        string first = slash < 0 ? "" : rest[..slash];
        bool isHost = scheme is not null || IsHostPart(first);
        string name = isHost ? first : RegistryHost.DockerHub;
        var host = RegistryHost.Find(name, scheme) ?? throw Malformed(text, $"{TreePath.Quote(name)} is no name of a host");
        return (host, isHost ? rest[(slash + 1)..] : rest);
    }

    private static bool IsHostPart(string part) => part == "localhost" || part.AsSpan().ContainsAny('.', ':');

    private static string Checked(string text, string repository) =>
        IsRepository(repository) ? repository : throw Malformed(text, $"{TreePath.Quote(repository)} is no name of a repository");

    private static RegistryException Malformed(string text, string reason) => new($"reference {TreePath.Quote(text)}", reason);

    [GeneratedRegex(@"\A[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\z", RegexOptions.ExplicitCapture)]
    private static partial Regex RepositoryPattern();

    [GeneratedRegex(@"\A[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}\z")]
    private static partial Regex TagPattern();
}
