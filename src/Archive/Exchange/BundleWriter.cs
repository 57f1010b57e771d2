using System.Formats.Tar;

namespace Provenance.Archive.Exchange;

/// <summary>Writes files into a tar that has the same bytes whenever and by whomever it is made. Disposing of it writes the mark that ends a tar.</summary>
/// <remarks>No folders, owner 0, time 0, ustar headers; GNU's where a file is larger than ustar can say. The caller gives names in order.</remarks>
/// <param name="output">Not disposed of here.</param>
internal sealed class BundleWriter(Stream output) : IDisposable
{
    /// <summary>Eleven octal digits.</summary>
    private const long MaxUstarBytes = (1L << 33) - 1;

    private const UnixFileMode Readable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode Executable =
        Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly TarWriter _tar = new(output, TarEntryFormat.Ustar, leaveOpen: true);

    /// <param name="name">With the folders it is in.</param>
    /// <param name="content">Is read to its end, so that a verifying stream proves itself.</param>
    /// <param name="size">In bytes.</param>
    public void Write(string name, Stream content, long size)
    {
        TarEntry entry = size <= MaxUstarBytes
            ? new UstarTarEntry(TarEntryType.RegularFile, name)
            : new GnuTarEntry(TarEntryType.RegularFile, name);
        entry.ModificationTime = DateTimeOffset.UnixEpoch;
        entry.Mode = name.EndsWith(".sh", StringComparison.Ordinal) ? Executable : Readable;
        using var sized = new SizedStream(content, size);
        entry.DataStream = sized;
        _tar.WriteEntry(entry);
    }

    public void Dispose() => _tar.Dispose();
}
