using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Content;
using Provenance.Runtime.Native;
using Provenance.Runtime.Recording.Calls;

namespace Provenance.Runtime.Recording;

/// <summary>Reads files of mounted folders once: all digests, and a copy into the archive where one is wanted.</summary>
/// <remarks>A file has digests only if nothing touched it from the scan until after its last byte was read.</remarks>
/// <param name="blobs">Where copies go.</param>
/// <param name="budget">Told when there is no room for one.</param>
internal sealed class FileHasher(BlobStore blobs, KeepBudget budget) : IDisposable
{
    private const int BufferBytes = 1 << 20;

    public const string Changed = "changed while it was read";
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly ContentHash _hash = new();

    /// <param name="mount">The one the file is in.</param>
    /// <param name="entry">As the scan saw it.</param>
    /// <param name="keep">Puts the content into the archive.</param>
    /// <param name="copy">Gets the content too; null for nobody.</param>
    public HashedFile Hash(MountedFiles mount, ScannedEntry entry, bool keep, Stream? copy = null) =>
        Hash(mount, entry.Path, entry.Identity, keep, copy);

    /// <param name="mount">The one the file is in.</param>
    /// <param name="path">Absolute in the container.</param>
    /// <param name="expected">The state that is meant, and no other.</param>
    /// <param name="keep">Puts the content into the archive.</param>
    /// <param name="copy">Gets the content too; null for nobody.</param>
    public HashedFile Hash(MountedFiles mount, string path, in FileIdentity expected, bool keep, Stream? copy = null)
    {
        var error = mount.TryOpen(path, out var file);
        using (file)
        {
            if (error != Errno.None)
            {
                return HashedFile.Not($"could not be read ({error})");
            }

            if (FileIdentity.Of(Files.Status(file)) != expected)
            {
                return HashedFile.Not(Changed);
            }

            return keep ? HashAndKeep(file, expected, copy) : Hash(file, expected, copy);
        }
    }

    public void Dispose() => _hash.Dispose();

    private HashedFile HashAndKeep(SafeFileHandle file, in FileIdentity expected, Stream? copy)
    {
        try
        {
            // Nothing is kept unless it is committed, and it is not when the file changed on the way.
            using var blob = blobs.Create(MediaTypes.OctetStream);
            var hashed = Hash(file, expected, copy, blob);
            if (hashed.Packed is null)
            {
                return hashed;
            }

            blob.Commit();
            return hashed with { Kept = true };
        }
        catch (IOException e) when (copy is null && DiskFull.IsReasonOf(e))
        {
            // The record is worth more than a copy of what stands beside it.
            budget.GiveUp();
            return Hash(file, expected, copy);
        }
    }

    private HashedFile Hash(SafeFileHandle file, in FileIdentity expected, Stream? copy, BlobWriteStream? blob = null)
    {
        try
        {
            return Read(file, expected, copy, blob);
        }
        catch (SyscallException e)
        {
            // A bad sector costs this file's content, not the record.
            return HashedFile.Not($"could not be read ({e.Errno})");
        }
    }

    private HashedFile Read(SafeFileHandle file, in FileIdentity expected, Stream? copy, BlobWriteStream? blob)
    {
        _hash.Reset();
        int read;
        do
        {
            // Once at least: what the kernel makes as it is read has a size of 0 all the same.
            read = Files.Read(file, _buffer, _hash.Length, "content");
            var part = _buffer.AsSpan(0, read);
            _hash.Append(part);
            blob?.Write(part);
            copy?.Write(part);
        }
        while (read > 0 && _hash.Length < expected.Size);

        // A file that has grown meanwhile has another size.
        return _hash.Length == expected.Size && FileIdentity.Of(Files.Status(file)) == expected
            ? new HashedFile { Packed = _hash.FinishPacked() }
            : HashedFile.Not(Changed);
    }
}
