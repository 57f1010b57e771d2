namespace Provenance.Web.Api;

/// <summary>A figure of a paper, and which output of the run it is.</summary>
internal sealed record FigureItem(string Label, string Path, string Sha256);
