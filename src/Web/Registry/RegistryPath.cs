namespace Provenance.Web.Registry;

/// <summary>A path of the registry: a repository, whose name may have slashes, and what is asked of it.</summary>
/// <param name="Name">Of the repository.</param>
/// <param name="Reference">What follows; empty where nothing does.</param>
internal sealed record RegistryPath(string Name, string Reference)
{
    /// <summary>From the right, for a repository may be called blobs.</summary>
    /// <param name="path">What follows <c>/v2/</c>.</param>
    /// <param name="between">What stands between the two.</param>
    public static RegistryPath? Find(string path, string between)
    {
        int place = path.LastIndexOf(between, StringComparison.Ordinal);
        string after = place < 0 ? "" : path[(place + between.Length)..];
        return place > 0 && !after.Contains('/', StringComparison.Ordinal) ? new RegistryPath(path[..place], after) : null;
    }
}
