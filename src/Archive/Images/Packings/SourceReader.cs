using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Content;
using Provenance.Archive.Images.Layers;

namespace Provenance.Archive.Images.Packings;

/// <summary>Opens what the user named, finds out how the image is packed, and reads its documents.</summary>
internal sealed class SourceReader : IDisposable
{
    private const string StandardInput = "-";

    /// <summary>Enough of a tar to tell what is in it; never decides wrongly, only not at all.</summary>
    private const int LookBytes = 1 << 20;

    private readonly ImageSource _source;
    private readonly ImportOptions _options;
    private readonly StoreLayout _layout;
    private readonly FolderTar? _packFolder;
    private readonly Action<int> _spooled;
    private readonly CancellationToken _cancellation;
    private IDisposable? _open;

    /// <param name="source">What to open.</param>
    /// <param name="options">Platform and limits.</param>
    /// <param name="layout">Where to spool what has to be read twice.</param>
    /// <param name="packFolder">How a plain folder is read.</param>
    /// <param name="spooled">Told of bytes read for that.</param>
    /// <param name="cancellation">Ends spooling.</param>
    public SourceReader(
        ImageSource source,
        ImportOptions options,
        StoreLayout layout,
        FolderTar? packFolder,
        Action<int> spooled,
        CancellationToken cancellation)
    {
        (_source, _options, _layout) = (source, options, layout);
        (_packFolder, _spooled, _cancellation) = (packFolder, spooled, cancellation);
    }

    /// <summary>To be called once. The layers can be opened as long as this is not disposed of.</summary>
    public PackedImage Read()
    {
        if (_source.Packing is ImagePacking.OciLayout or ImagePacking.Folder || Directory.Exists(_source.Path))
        {
            return ReadFolder();
        }

        var stream = new PeekStream(OpenFile());
        _open = stream;
        var compression = Decompressor.Recognise(stream);
        var contents = _source.Packing switch
        {
            ImagePacking.RootfsTar => TarContents.RootFileSystem,
            null => Look(stream, compression),
            _ => TarContents.Layout,
        };
        return contents == TarContents.RootFileSystem ? RootFileSystem(stream) : ReadMembers(stream, compression);
    }

    public void Dispose() => _open?.Dispose();

    private PackedImage ReadFolder()
    {
        if (!Directory.Exists(_source.Path))
        {
            throw new ImageException($"image '{_source.Path}': no such folder");
        }

        bool isLayout = File.Exists(Path.Combine(_source.Path, OciLayoutReader.IndexFile))
            && File.Exists(Path.Combine(_source.Path, OciLayoutReader.LayoutFile));
        if (_source.Packing == ImagePacking.OciLayout || (_source.Packing is null && isLayout))
        {
            return new OciLayoutReader(new PackedFolder(_source.Path), _source, _options, "oci").Read();
        }

        if (_source.Packing is not (null or ImagePacking.Folder))
        {
            throw new ImageException($"image '{_source.Path}': is a folder, expected a file");
        }

        var pack = _packFolder ?? throw new ImageException($"image '{_source.Path}': folders cannot be read here");
        var layer = new PackedLayer { Open = () => pack(_source.Path), MustEnd = true };
        return new PackedImage { Packing = "dir", Layers = [layer] };
    }

    private FileStream OpenFile()
    {
        if (_source.Path == StandardInput)
        {
            return new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0);
        }

        try
        {
            return new FileStream(_source.Path, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan });
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ImageException($"image '{_source.Path}': no such file or folder", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new ImageException($"image '{_source.Path}': permission denied", e);
        }
    }

    /// <summary>Looks into the beginning, and where that leaves it open takes it for a layout: it will be looked through whole.</summary>
    private TarContents Look(PeekStream stream, Compression compression)
    {
        using var head = new MemoryStream(stream.Peek(LookBytes).ToArray());
        using var tar = new UnpackedLayerStream(head, null, _options.Limits);
        byte[] beginning = new byte[LookBytes];
        int length = 0;
        try
        {
            int read;
            while ((read = tar.Read(beginning.AsSpan(length))) > 0)
            {
                length += read;
            }
        }
        catch (HostileImageException) when (compression != Compression.None && length > 0)
        {
            // Cut off where we stopped looking.
        }

        try
        {
            return PackingRecogniser.Look(new MemoryStream(beginning, 0, length), _options.Limits);
        }
        catch (HostileImageException e)
        {
            throw new ImageException($"image '{_source.Path}': is no tar, compressed or not, and no folder", e);
        }
    }

    private PackedImage RootFileSystem(Stream stream)
    {
        var layer = new PackedLayer { Open = () => stream, Size = SizeOfFile(), MustEnd = true };
        return new PackedImage { Packing = "tar", Layers = [layer] };
    }

    private long? SizeOfFile()
    {
        var file = new FileInfo(_source.Path);
        // Devices and pipes have no size, or none that means anything.
        return _source.Path != StandardInput && file.Exists && file.Length > 0 ? file.Length : null;
    }

    private PackedImage ReadMembers(PeekStream stream, Compression compression)
    {
        bool isOnDisk = compression == Compression.None && SizeOfFile() is not null;
        string path = isOnDisk ? _source.Path : Spool(stream);
        try
        {
            stream.Dispose();
            if (_source.Packing is null && !HoldsLayout(path))
            {
                // As it came, if it can be read once more; what came through a pipe is kept decompressed.
                var file = new FileStream(SizeOfFile() is null ? path : _source.Path, new FileStreamOptions { BufferSize = 0 });
                _open = file;
                return RootFileSystem(file);
            }

            var members = PackedTar.Open(_source.Path, path, _options.Limits);
            _open = members;
            return ReadLayout(members);
        }
        finally
        {
            if (!isOnDisk)
            {
                // It stays readable through its handle, and whatever happens nothing is left of it.
                File.Delete(path);
            }
        }
    }

    private bool HoldsLayout(string path)
    {
        using var file = new FileStream(path, new FileStreamOptions { BufferSize = 1 << 12 });
        return PackingRecogniser.Look(file, _options.Limits) == TarContents.Layout;
    }

    private PackedImage ReadLayout(PackedTar members)
    {
        bool isDocker = members.Contains(DockerArchiveReader.ManifestFile)
            || members.Contains(DockerArchiveReader.RepositoriesFile)
            || members.FoldersWith(DockerArchiveReader.LayerFile).Any();
        bool isOci = members.Contains(OciLayoutReader.IndexFile);
        if (_source.Packing == ImagePacking.OciArchive ? !isOci : !isDocker && !isOci)
        {
            throw new ImageException($"image '{_source.Path}': has neither manifest.json nor index.json, or not the one that was expected");
        }

        return _source.Packing == ImagePacking.OciArchive || !isDocker
            ? new OciLayoutReader(members, _source, _options, "oci-archive").Read()
            : new DockerArchiveReader(members, _source, _options).Read();
    }

    /// <summary>Puts a compressed archive, or one from a pipe, where its members can be read in any order.</summary>
    private string Spool(PeekStream stream)
    {
        Directory.CreateDirectory(_layout.Temporary);
        string path = Path.Combine(_layout.Temporary, TemporaryName.Next());
        using var counted = new CountingStream(stream, _spooled);
        using var tar = new UnpackedLayerStream(counted, SizeOfFile(), _options.Limits);
        try
        {
            using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 });
            byte[] buffer = new byte[1 << 17];
            int read;
            while ((read = tar.Read(buffer)) > 0)
            {
                _cancellation.ThrowIfCancellationRequested();
                if (file.Position > _options.Limits.MaxUnpackedBytes)
                {
                    throw new HostileImageException($"image '{_source.Path}': has more than {_options.Limits.MaxUnpackedBytes} bytes");
                }

                file.Write(buffer.AsSpan(0, read));
            }

            return path;
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }
}
