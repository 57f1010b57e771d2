namespace Provenance.Archive.Tests;

/// <summary>Where the repository's own files are: vectors, schemas, papers.</summary>
internal static class RepositoryFolder
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    public static string Vectors => Path.Combine(Root, "tests", "Vectors");

    public static string Schema => Path.Combine(Root, "schema");

    private static string Find(DirectoryInfo? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Provenance.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("the tests run outside the repository");
    }
}
