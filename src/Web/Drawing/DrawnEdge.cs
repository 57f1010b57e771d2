using Provenance.Archive.Content;
using Provenance.Archive.Lineage;

namespace Provenance.Web.Drawing;

/// <summary>What one run made and another used.</summary>
public sealed record DrawnEdge(Digest Maker, Digest User, IReadOnlyList<LinkedFile> Files)
{
    /// <summary>The first file's name, and how many more.</summary>
    public string Label => Files.Count == 1 ? Files[0].Used.Name : $"{Files[0].Used.Name} and {Files.Count - 1} more";
}
