using Provenance.Archive.Content;
using Provenance.Archive.Upkeep;

namespace Provenance.Archive.Care;

/// <summary>Fetches blobs from elsewhere. Each is written beside, proved by size and both digests and made durable before it takes a place.</summary>
/// <param name="blobs">The archive's.</param>
/// <param name="sources">Where to look.</param>
/// <param name="quarantine">Where a damaged one goes.</param>
internal sealed class BlobRepair(BlobStore blobs, SpareSources sources, Quarantine quarantine)
{
    /// <param name="wanted">What is missing or damaged.</param>
    /// <param name="sound">Gets those that are good now.</param>
    /// <returns>One for each blob that was found.</returns>
    public IReadOnlyList<Repair> Run(IReadOnlyDictionary<Digest, Descriptor> wanted, ISet<DigestKey> sound)
    {
        var left = wanted.ToDictionary();
        var repairs = new List<Repair>();
        sources.Ask(source => source.Give(left, (blob, content) =>
        {
            if (left.ContainsKey(blob.Digest) && Take(source, blob, content) is { } repair)
            {
                left.Remove(blob.Digest);
                sound.Add(DigestKey.Of(blob.Digest));
                repairs.Add(repair);
            }
        }));
        return repairs;
    }

    private Repair? Take(ISpareSource source, Descriptor blob, Stream content)
    {
        using var writer = blobs.Create(blob.MediaType);
        if (!TryCopy(source, blob, content, writer))
        {
            return null;
        }

        string? aside = null;
        writer.CommitOver(() => aside = quarantine.SetAside(blobs.Layout.BlobPath(blob.Digest)));
        string proof = blob.Sha512 is null ? "by SHA-256, for no record says more" : "by SHA-256 and SHA-512";
        return Repair.Replacing($"blobs/sha256/{blob.Digest.Hex}", $"fetched from '{source.Name}' and proved {proof}", aside);
    }

    private bool TryCopy(ISpareSource source, Descriptor blob, Stream content, BlobWriteStream writer)
    {
        try
        {
            using var verifying = new VerifyingStream(content, blob, leaveOpen: true);
            byte[] buffer = new byte[1 << 17];
            int read;
            while ((read = Read(verifying, buffer)) > 0)
            {
                writer.Write(buffer.AsSpan(0, read));
            }

            return true;
        }
        catch (ArchiveException e)
        {
            sources.Tell(source, $"blob '{blob.Digest}': {e.Message}");
            return false;
        }
    }

    /// <summary>What the source's disk does is the source's; what ours does ends the repair.</summary>
    private static int Read(Stream from, byte[] buffer)
    {
        try
        {
            return from.Read(buffer);
        }
        catch (IOException e)
        {
            throw new ArchiveException($"cannot be read: {e.Message.TrimEnd('.')}", e);
        }
    }
}
