namespace Provenance.Archive.Catalog;

/// <summary>The catalog cannot be used: it is damaged, newer than this program, or of another log. The records are not touched by that.</summary>
public sealed class CatalogException(string message, Exception? cause = null) : ArchiveException(message, cause);
