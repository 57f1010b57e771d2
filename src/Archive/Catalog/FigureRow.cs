using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

/// <summary>A figure of a paper, and which output of the run it is.</summary>
/// <param name="Label">As the paper calls it.</param>
/// <param name="Path">Of the output.</param>
public sealed record FigureRow(string Label, string Path, Digest Sha256)
{
    /// <summary>Whether the run made or printed these bytes; null where the run is not in this archive, or that was not looked up.</summary>
    public bool? IsOutput { get; init; }
}
