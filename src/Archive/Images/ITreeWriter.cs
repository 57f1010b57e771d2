using Provenance.Archive.Content;

namespace Provenance.Archive.Images;

/// <summary>Who unpacks an image while it is read. Implemented by Runtime, since the archive makes no system calls.</summary>
/// <remarks>
/// All calls come from one thread, in order. Every path is where the file really is: links on the way are resolved, and each parent
/// was made by <see cref="WriteFolder"/> before (the root need not be). Nothing exists where something is written, except that
/// <see cref="WriteFolder"/> may come again for a folder, with new metadata. Whiteouts and replacements arrive as <see cref="Remove"/>.
/// After <see cref="Commit"/> or <see cref="Abort"/> there are no more calls; a call that throws is followed by <see cref="Abort"/>.
/// </remarks>
public interface ITreeWriter
{
    /// <summary>Makes a folder, or gives one that is there (the root too) new metadata.</summary>
    void WriteFolder(TreePath path, FileMetadata metadata);

    /// <summary>Makes a regular file. What is left unread of the content is read, and so checked, by the caller.</summary>
    /// <param name="path">Nothing is there.</param>
    /// <param name="metadata">With the size.</param>
    /// <param name="content">Exactly that many bytes; <see cref="FileContentStream.Digest"/> is known after the last.</param>
    void WriteFile(TreePath path, FileMetadata metadata, FileContentStream content);

    /// <summary>Makes a symbolic link. Its target stays as it stands: it may be absolute, dangling, or climb above the root.</summary>
    void WriteLink(TreePath path, FileMetadata metadata, string target);

    /// <summary>Gives a regular file, link, device or fifo that was written before a second name.</summary>
    void WriteHardLink(TreePath path, TreePath existing);

    /// <summary>Tells of a device node or a fifo. It is recorded already, and need not be made.</summary>
    void WriteDevice(TreePath path, FileMetadata metadata, TreeEntryType type, int major, int minor);

    /// <summary>Removes an entry and all below it.</summary>
    void Remove(TreePath path);

    /// <summary>The image was read to its end and is what it says; the tree may have its final name now.</summary>
    /// <param name="tree">Digest of its tree manifest, which is in the archive.</param>
    void Commit(Digest tree);

    /// <summary>Nothing may be left of it. Does not throw.</summary>
    void Abort();
}
