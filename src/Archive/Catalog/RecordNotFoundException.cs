namespace Provenance.Archive.Catalog;

/// <summary>No record has that name.</summary>
public sealed class RecordNotFoundException(string name) : ArchiveException($"record '{name}': not in this archive")
{
    /// <summary>As it was asked for.</summary>
    public string Name { get; } = name;
}
