using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Exchange;

/// <summary>One file of a run, or one of its standard streams.</summary>
/// <param name="Path">In the container, or the name of a stream.</param>
/// <param name="Content">SHA-256 of it.</param>
/// <param name="Size">In bytes.</param>
internal sealed record RunFile(string Path, Digest Content, long Size)
{
    /// <summary>The last part of its path.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <returns>Null for what has no digest: a folder, or what nobody hashed.</returns>
    public static RunFile? Of(string path, DigestSet? digest, long size) =>
        Digest.TryParseHex(digest?.Sha256, out var content) ? new RunFile(path, content, size) : null;
}
