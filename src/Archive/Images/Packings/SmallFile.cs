namespace Provenance.Archive.Images.Packings;

/// <summary>Reads what is small enough to be held in memory.</summary>
internal static class SmallFile
{
    /// <exception cref="HostileImageException">It is larger than a document may be.</exception>
    public static byte[] Read(IPackedFiles files, string name, ImportLimits limits)
    {
        var (content, size) = files.Open(name);
        using (content)
        {
            if (size > limits.MaxJsonBytes)
            {
                throw new HostileImageException(
                    $"member {TreePath.Quote(name)}: has {size} bytes, at most {limits.MaxJsonBytes} are allowed");
            }

            byte[] bytes = new byte[size];
            return content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length
                ? bytes
                : throw new HostileImageException($"member {TreePath.Quote(name)}: is cut off");
        }
    }
}
