namespace Provenance.Archive.Upkeep;

/// <summary>The archive has no room for what is to come, by its own settings. Nothing has begun.</summary>
public sealed class QuotaException(string message) : ArchiveException(message);
