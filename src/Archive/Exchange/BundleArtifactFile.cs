using Provenance.Archive.Content;

namespace Provenance.Archive.Exchange;

/// <summary>A file of a bundle as a manifest that arrived names it.</summary>
/// <param name="Name">Its path in the bundle: clean, and one that a bundle has.</param>
/// <param name="Content">What it must be.</param>
public sealed record BundleArtifactFile(string Name, Descriptor Content);
