using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording;

/// <summary>A recorded mount as a replay makes it.</summary>
/// <param name="Mount">With its source of today, in the scratch folder or at its place.</param>
/// <param name="IsOriginal">The source is the user's own: it is shown read-only.</param>
internal sealed record ScratchMount(Mount Mount, bool IsOriginal);
