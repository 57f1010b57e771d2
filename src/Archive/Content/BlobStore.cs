using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Provenance.Archive.Content;

/// <summary>Every byte that is kept, each blob under the SHA-256 of its content. What is under a final name is whole; what is read is checked.</summary>
public sealed class BlobStore(StoreLayout layout, FolderSync sync)
{
    private const int CopyBufferBytes = 1 << 17;

    public StoreLayout Layout { get; } = layout;

    /// <summary>Keeps bytes that are already in memory.</summary>
    public Descriptor Put(string mediaType, ReadOnlySpan<byte> content)
    {
        var digest = Digest.Of(content);
        if (!TryRelyOn(digest))
        {
            using var writer = Create(mediaType);
            writer.Write(content);
            return writer.Commit();
        }

        SyncNames();
        return new Descriptor
        {
            MediaType = mediaType,
            Digest = digest,
            Size = content.Length,
            Sha512 = Convert.ToHexStringLower(SHA512.HashData(content)),
        };
    }

    /// <summary>Keeps a stream whose digest is not known before.</summary>
    /// <param name="mediaType">What the descriptor will say.</param>
    /// <param name="content">Read to its end.</param>
    /// <param name="maxBytes">More than this is refused, and nothing is kept.</param>
    /// <exception cref="BlobTooLargeException">The stream holds more than <paramref name="maxBytes"/>.</exception>
    public Descriptor Put(string mediaType, Stream content, long? maxBytes = null)
    {
        using var writer = Create(mediaType);
        Copy(content, writer, maxBytes ?? long.MaxValue);
        return writer.Commit();
    }

    /// <summary>Keeps a stream that must be what its descriptor says.</summary>
    /// <exception cref="DigestMismatchException">Its digest is another.</exception>
    /// <exception cref="SizeMismatchException">Its size is another.</exception>
    public PutOutcome Put(Descriptor expected, Stream content)
    {
        if (TryRelyOn(expected.Digest))
        {
            SyncNames();
            return PutOutcome.AlreadyPresent;
        }

        using var writer = Create(expected.MediaType);
        using var verifying = new VerifyingStream(content, expected, leaveOpen: true);
        Copy(verifying, writer, expected.Size);
        writer.Commit();
        return PutOutcome.Stored;
    }

    /// <summary>A blob to be written piece by piece. Nothing is kept until it is committed.</summary>
    public BlobWriteStream Create(string mediaType)
    {
        Directory.CreateDirectory(Layout.Blobs);
        Directory.CreateDirectory(Layout.Temporary);
        return new BlobWriteStream(Layout, sync, mediaType);
    }

    /// <summary>A file for notes of this process, beside the blobs that are being written. It has no name, and is gone when it is closed.</summary>
    public SafeFileHandle CreateScratch()
    {
        Directory.CreateDirectory(Layout.Temporary);
        string path = Path.Combine(Layout.Temporary, TemporaryName.Next());
        var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite);
        File.Delete(path);
        return file;
    }

    /// <summary>Opens a blob; reading it to the end proves it, and throws when it is not what the descriptor says.</summary>
    /// <exception cref="BlobMissingException">There is no such blob.</exception>
    public Stream Open(Descriptor expected) => new VerifyingStream(OpenUnchecked(expected.Digest), expected);

    /// <summary>The whole content, proved.</summary>
    /// <exception cref="BlobMissingException">There is no such blob.</exception>
    /// <exception cref="BlobTooLargeException">It has more than <paramref name="maxBytes"/>.</exception>
    /// <exception cref="DigestMismatchException">The content is not what its name says.</exception>
    public byte[] Read(Digest digest, long maxBytes)
    {
        using var stream = OpenUnchecked(digest);
        if (stream.Length > maxBytes)
        {
            throw new BlobTooLargeException(digest.ToString(), maxBytes);
        }

        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        var actual = Digest.Of(content);
        return actual == digest ? content : throw new DigestMismatchException(actual, digest);
    }

    /// <summary>The whole content, proved against everything the descriptor says.</summary>
    /// <exception cref="SizeMismatchException">Its size is another than the descriptor's.</exception>
    public byte[] Read(Descriptor expected, long maxBytes)
    {
        byte[] content = Read(expected.Digest, maxBytes);
        if (content.Length != expected.Size)
        {
            throw new SizeMismatchException(content.Length, expected.Size);
        }

        if (expected.Sha512 is { } sha512 && Convert.ToHexStringLower(SHA512.HashData(content)) != sha512)
        {
            throw new Sha512MismatchException(expected.Digest);
        }

        return content;
    }

    public bool Contains(Digest digest) => File.Exists(Layout.BlobPath(digest));

    /// <summary>As <see cref="Contains"/>, but one that is being removed at this moment is waited for.</summary>
    public bool Stands(Digest digest)
    {
        using var standing = StandingBlob.TryHold(Layout.BlobPath(digest));
        return standing is { Stands: true };
    }

    /// <summary>Makes sure that a blob which was there before stays for a record that is still to come: it counts as written now.</summary>
    /// <remarks>That its name is durable is for the next commit to see to: a record's own blobs are committed after it.</remarks>
    /// <returns>False when there is none, or when it is another user's, so that it has to be written.</returns>
    public bool TryRelyOn(Digest digest)
    {
        using var standing = StandingBlob.TryHold(Layout.BlobPath(digest));
        return standing is not null && standing.TryRefresh(TimeProvider.System);
    }

    /// <summary>In bytes.</summary>
    /// <exception cref="BlobMissingException">There is no such blob.</exception>
    public long SizeOf(Digest digest)
    {
        var file = new FileInfo(Layout.BlobPath(digest));
        return file.Exists ? file.Length : throw new BlobMissingException(digest);
    }

    /// <summary>Every blob, in no order. A name that is no digest is left out; fsck tells of it.</summary>
    public IEnumerable<Digest> Enumerate()
    {
        if (!Directory.Exists(Layout.Blobs))
        {
            yield break;
        }

        foreach (string path in Directory.EnumerateFiles(Layout.Blobs))
        {
            if (Digest.TryParseHex(Path.GetFileName(path), out var digest))
            {
                yield return digest;
            }
        }
    }

    /// <summary>Takes a blob over from another store on the same disk, where it is durable. <see cref="SyncNames"/> is for the caller.</summary>
    /// <exception cref="BlobMissingException">It is in neither.</exception>
    public void Adopt(BlobStore from, Digest digest)
    {
        // Held until the new one is in its place, as BlobWriteStream does.
        using var standing = StandingBlob.TryHold(Layout.BlobPath(digest));
        if (standing is not null && standing.TryRefresh(TimeProvider.System))
        {
            return;
        }

        string arrived = from.Layout.BlobPath(digest);
        if (!File.Exists(arrived))
        {
            throw new BlobMissingException(digest);
        }

        File.SetLastWriteTimeUtc(arrived, TimeProvider.System.GetUtcNow().UtcDateTime);
        File.Move(arrived, Layout.BlobPath(digest), overwrite: true);
    }

    /// <summary>Another process may have renamed the blob and not yet synced its folder: what we acknowledge must not hang on that.</summary>
    public void SyncNames() => sync(Layout.Blobs);

    private FileStream OpenUnchecked(Digest digest) =>
        StandingBlob.TryOpen(Layout.BlobPath(digest)) ?? throw new BlobMissingException(digest);

    private static void Copy(Stream from, BlobWriteStream to, long maxBytes)
    {
        byte[] buffer = new byte[CopyBufferBytes];
        int read;
        while ((read = from.Read(buffer)) > 0)
        {
            to.Write(buffer.AsSpan(0, read));
            if (to.Length > maxBytes)
            {
                throw new BlobTooLargeException("content", maxBytes);
            }
        }
    }
}
