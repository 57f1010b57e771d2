namespace Provenance.Archive.Exchange;

/// <summary>A file of a bundle that is read into memory.</summary>
internal static class SmallEntry
{
    /// <exception cref="BundleException">It has more bytes than that.</exception>
    public static byte[] Read(BundleEntry entry, int maxBytes)
    {
        if (entry.Size > maxBytes)
        {
            throw BundleNames.Refused(entry.Name, $"has {entry.Size} bytes, at most {maxBytes} are allowed");
        }

        byte[] content = new byte[entry.Size];
        entry.Content.ReadExactly(content);
        return content;
    }
}
