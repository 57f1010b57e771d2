using System.Formats.Tar;
using Provenance.Archive.Content;
using Provenance.Archive.Images.Layers;

namespace Provenance.Archive.Exchange;

/// <summary>Writes files into a tar that has the same bytes whenever and by whomever it is made. Disposing of it writes the mark that ends a tar.</summary>
/// <remarks>No folders, owner 0, time 0, ustar headers; GNU's where a file is larger than ustar can say. The caller gives names in order.</remarks>
/// <param name="output">Not disposed of here.</param>
/// <param name="progress">Told of bytes of content written so far; null for nobody.</param>
/// <param name="cancellation">Ends writing.</param>
internal sealed class BundleWriter(Stream output, IProgress<long>? progress, CancellationToken cancellation) : IDisposable
{
    /// <summary>Eleven octal digits.</summary>
    private const long MaxUstarBytes = (1L << 33) - 1;

    private const UnixFileMode Readable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode Executable =
        Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly TarWriter _tar = new(output, TarEntryFormat.Ustar, leaveOpen: true);
    private long _done;

    /// <summary>Its content is read to its end, so that a verifying stream proves itself.</summary>
    public void Write(BundleFile file)
    {
        using var content = file.Open();
        Write(file.Name, content, file.Size);
    }

    /// <summary>The same, and tells what it was.</summary>
    public Descriptor WriteDescribed(BundleFile file, string folder)
    {
        using var described = new DescriptorStream(MediaTypes.OctetStream);
        using var content = new TeeStream(file.Open(), described);
        Write(folder + file.Name, content, file.Size);
        return described.Finish();
    }

    public void Dispose() => _tar.Dispose();

    private void Write(string name, Stream content, long size)
    {
        TarEntry entry = size <= MaxUstarBytes
            ? new UstarTarEntry(TarEntryType.RegularFile, name)
            : new GnuTarEntry(TarEntryType.RegularFile, name);
        entry.ModificationTime = DateTimeOffset.UnixEpoch;
        entry.Mode = name.EndsWith(".sh", StringComparison.Ordinal) ? Executable : Readable;
        using var sized = new SizedStream(content, size, Count);
        entry.DataStream = sized;
        _tar.WriteEntry(entry);
    }

    private void Count(int bytes)
    {
        cancellation.ThrowIfCancellationRequested();
        progress?.Report(_done += bytes);
    }
}
