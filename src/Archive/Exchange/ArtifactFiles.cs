using Provenance.Archive.Content;

namespace Provenance.Archive.Exchange;

/// <summary>The files of a bundle that are layers of an artifact.</summary>
/// <param name="artifact">Which they are.</param>
/// <param name="open">Gives the bytes of one, not yet checked.</param>
internal sealed class ArtifactFiles(BundleArtifactManifest artifact, Func<Descriptor, Stream> open) : IBundleFiles
{
    public void Dispose()
    {
        // Every layer is closed after it is read.
    }

    public IEnumerable<BundleEntry> Read()
    {
        foreach (var file in artifact.Files)
        {
            using var content = new LayerStream(open(file.Content), file.Content, file.Name);
            var entry = new BundleEntry(file.Name, file.Content.Size, content);
            yield return file.Name == BundleNames.Manifest ? Check(entry) : entry;
            content.CopyTo(Stream.Null);
        }
    }

    /// <summary>By the artifact's roots it was chosen, and by them it may have been kept from others: they must be the bundle's.</summary>
    private BundleEntry Check(BundleEntry entry)
    {
        byte[] bytes = SmallEntry.Read(entry, BundleLimits.Default.MaxDocumentBytes);
        return BundleManifest.Parse(bytes).Roots.SequenceEqual(artifact.Roots)
            ? entry with { Content = new MemoryStream(bytes, writable: false) }
            : throw BundleNames.Refused(entry.Name, $"its roots are others than those of the annotation '{BundleArtifactNames.Roots}'");
    }
}
