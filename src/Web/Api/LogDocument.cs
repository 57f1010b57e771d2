namespace Provenance.Web.Api;

/// <summary>The head of the log.</summary>
internal sealed record LogDocument(long Size, string? Root, string? Key, string? Checkpoint);
