namespace Provenance.Web.Api;

/// <summary>A figure of a paper, and which output of the run it is.</summary>
/// <param name="IsOutput">Whether it is among the run's outputs; absent where the run is not here, or that was not looked up.</param>
internal sealed record FigureItem(string Label, string Path, string Sha256, bool? IsOutput);
