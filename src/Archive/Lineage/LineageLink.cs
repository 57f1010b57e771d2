using Provenance.Archive.Content;

namespace Provenance.Archive.Lineage;

/// <summary>The files that join two runs.</summary>
/// <param name="Run">The run at the other end: who made them, or, downwards, who used them.</param>
/// <param name="Files">At least one, in order of the path at the user's end.</param>
public sealed record LineageLink(Digest Run, IReadOnlyList<LinkedFile> Files);
