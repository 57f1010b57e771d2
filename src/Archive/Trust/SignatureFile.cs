namespace Provenance.Archive.Trust;

/// <summary>The file with the signature of a statement that lies outside an archive.</summary>
public static class SignatureFile
{
    private const string Extension = ".p7s";

    /// <summary>
    /// Where it is looked for: FILE.p7s; or, as <c>prov show --export</c> writes it, the statement's name with this ending in place of
    /// its own.
    /// </summary>
    public static IReadOnlyList<string> PlacesOf(string statement) => [statement + Extension, Path.ChangeExtension(statement, Extension)];

    /// <summary>Null where there is none.</summary>
    public static string? Find(string statement) => PlacesOf(statement).FirstOrDefault(File.Exists);
}
