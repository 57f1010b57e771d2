using System.Text.RegularExpressions;

namespace Provenance.Web.Registry;

/// <summary>Names of images as registries have them: a repository and a tag.</summary>
/// <remarks>Source: OCI distribution-spec v1.1.1, "Pulling manifests": the two expressions are the specification's own.</remarks>
internal sealed partial record RepositoryName(string Repository, string Tag)
{
    /// <summary>The repository of every image, by digest: for those whose name no registry would take, or that have none.</summary>
    public const string Any = "image";

    private const string Latest = "latest";
    private const int MaxLength = 255;

    /// <returns>Null for a name that no registry would take.</returns>
    public static RepositoryName? Find(string name)
    {
        int colon = name.LastIndexOf(':');
        string repository = colon < 0 ? name : name[..colon];
        string tag = colon < 0 ? Latest : name[(colon + 1)..];
        return IsRepository(repository) && IsTag(tag) ? new RepositoryName(repository, tag) : null;
    }

    /// <summary>The name that an image of a repository has in the archive: <c>latest</c> is left out, as everywhere.</summary>
    public static string NameOf(string repository, string tag) => tag == Latest ? repository : $"{repository}:{tag}";

    /// <summary>The repository that an image is pulled from.</summary>
    public static string Of(string? name) => name is not null && Find(name) is { } found ? found.Repository : Any;

    public static bool IsRepository(string text) => text.Length <= MaxLength && RepositoryPattern().IsMatch(text);

    public static bool IsTag(string text) => TagPattern().IsMatch(text);

    [GeneratedRegex(@"\A[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\z")]
    private static partial Regex RepositoryPattern();

    [GeneratedRegex(@"\A[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}\z")]
    private static partial Regex TagPattern();
}
