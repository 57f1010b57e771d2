namespace Provenance.Archive.Exchange;

/// <summary>A file of a bundle that is being read.</summary>
/// <param name="Name">A clean relative path.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Content">Good until the next entry is asked for; gives exactly its bytes, or throws.</param>
internal sealed record BundleEntry(string Name, long Size, Stream Content);
