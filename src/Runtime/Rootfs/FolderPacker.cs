using Provenance.Runtime.Native;

namespace Provenance.Runtime.Rootfs;

/// <summary>A plain folder as a tar, in the form that <c>Provenance.Archive.Images.FolderTar</c> asks for: the same files, the same bytes.</summary>
/// <param name="skipped">Told of each thing that is left out, in words: sockets, and what is mounted below the folder.</param>
public sealed class FolderPacker(Action<string>? skipped = null)
{
    /// <summary>Looks the folder through; its files are read as the stream is.</summary>
    /// <exception cref="RuntimeException">Files cannot be read; the first ten are named.</exception>
    public Stream Pack(string folder)
    {
        var root = Files.OpenFolder(folder);
        try
        {
            return new FolderTarStream(root, folder, FolderScan.Read(root, folder, skipped));
        }
        catch
        {
            root.Dispose();
            throw;
        }
    }
}
