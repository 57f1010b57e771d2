using Provenance.Archive.Images;
using Provenance.Archive.Images.Layers;
using Provenance.Archive.Images.Tar;

namespace Provenance.Archive.Exchange;

/// <summary>A bundle in a tar, read forwards, whatever it is compressed with.</summary>
internal sealed class TarFiles : IBundleFiles
{
    /// <summary>How much a bundle unpacks to is bounded by what its manifest says, not by a factor: outputs of a run may be all zeros.</summary>
    private static readonly ImportLimits Unbounded = ImportLimits.Default with { MaxExpansion = int.MaxValue, FreeExpansionBytes = long.MaxValue };

    private readonly UnpackedLayerStream _tar;

    /// <param name="packed">Disposed of with this.</param>
    public TarFiles(Stream packed) => _tar = new UnpackedLayerStream(packed, null, Unbounded, "tar");

    public void Dispose() => _tar.Dispose();

    public IEnumerable<BundleEntry> Read()
    {
        var reader = new TarReader(_tar, BundleLimits.Default.MaxHeaderBytes);
        while (reader.Next() is { } entry)
        {
            // Who packs a folder again by hand writes './name', and folders.
            string name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
            if (entry.Kind == TarEntryKind.Folder)
            {
                CheckFolder(name.TrimEnd('/'));
                continue;
            }

            BundleNames.CheckPath(name);
            if (entry.Kind != TarEntryKind.File || reader.IsSparse)
            {
                throw BundleNames.Refused(name, $"is {Word(entry.Kind)}, expected a plain file");
            }

            yield return new BundleEntry(name, entry.Size, new EntryStream(reader, entry.Size));
        }

        if (!reader.HasEndMark)
        {
            throw new BundleException("ends without the mark that ends a tar: it was cut off");
        }

        CheckRest();
    }

    private static void CheckFolder(string name)
    {
        if (name is not ("" or "."))
        {
            BundleNames.CheckPath(name);
        }
    }

    /// <summary>Tars are filled up with zeros; anything else would be read by nobody, and be there all the same.</summary>
    private void CheckRest()
    {
        byte[] rest = new byte[1 << 16];
        int read;
        while ((read = _tar.Read(rest)) > 0)
        {
            if (rest.AsSpan(0, read).ContainsAnyExcept((byte)0))
            {
                throw new BundleException("something follows the mark that ends the tar");
            }
        }
    }

    private static string Word(TarEntryKind kind) => kind switch
    {
        TarEntryKind.SymbolicLink => "a symbolic link",
        TarEntryKind.HardLink => "a hard link",
        TarEntryKind.File => "a sparse file",
        TarEntryKind.Fifo => "a fifo",
        _ => "a device",
    };

    /// <summary>The content of the entry that the reader stands on.</summary>
    private sealed class EntryStream(TarReader reader, long length) : ForwardStream
    {
        private long _position;

        public override long Length => length;

        public override int Read(Span<byte> buffer)
        {
            int wanted = (int)Math.Min(buffer.Length, length - _position);
            int read = wanted == 0 ? 0 : reader.Read(buffer[..wanted]);
            _position += read;
            return read;
        }
    }
}
