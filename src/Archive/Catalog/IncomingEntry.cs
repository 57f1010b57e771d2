using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

/// <summary>A record that waits, read for log and catalog in one go.</summary>
/// <param name="Record">Its name in incoming/.</param>
/// <param name="Entry">Null when another process has sequenced it meanwhile, or when there is a problem.</param>
/// <param name="Problem">Why it cannot be taken: its blobs are missing or damaged.</param>
internal sealed record IncomingEntry(Digest Record, CatalogEntry? Entry, string? Problem);
