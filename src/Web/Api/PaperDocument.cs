namespace Provenance.Web.Api;

/// <summary>A paper and the runs it rests on.</summary>
internal sealed record PaperDocument(string Doi, string? Title, IReadOnlyList<CitationItem> Citations, IReadOnlyList<RunItem> Runs, int Reproduced);
