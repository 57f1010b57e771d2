namespace Provenance.Archive.Exchange;

/// <summary>A file of a bundle that is being written.</summary>
/// <param name="Name">Its path in the bundle.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Open">Gives exactly its bytes, or throws.</param>
internal sealed record BundleFile(string Name, long Size, Func<Stream> Open)
{
    public static BundleFile Of(string name, byte[] content) => new(name, content.Length, () => new MemoryStream(content, writable: false));
}
