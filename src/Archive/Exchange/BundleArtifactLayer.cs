using Provenance.Archive.Content;

namespace Provenance.Archive.Exchange;

/// <summary>A file of a bundle as a layer of an artifact that is to be sent.</summary>
/// <param name="Name">Its path in the bundle.</param>
/// <param name="Content">As the manifest names it.</param>
/// <param name="Open">Gives exactly its bytes, or throws.</param>
public sealed record BundleArtifactLayer(string Name, Descriptor Content, Func<Stream> Open);
