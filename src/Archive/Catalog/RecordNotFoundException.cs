namespace Provenance.Archive.Catalog;

/// <summary>No record has that name.</summary>
public sealed class RecordNotFoundException(string name) : ArchiveException(Describe(name))
{
    /// <summary>As it was asked for.</summary>
    public string Name { get; } = name;

    private static string Describe(string name) => DigestPrefix.IsTooShort(name)
        ? $"record '{name}': at least {DigestPrefix.MinDigits} digits of its id are needed"
        : $"record '{name}': not in this archive";
}
