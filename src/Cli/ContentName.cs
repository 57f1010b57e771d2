using Provenance.Archive.Catalog;
using Provenance.Archive.Content;

namespace Provenance.Cli;

/// <summary>A content as people name it: by a file that is here, or by one of its digests.</summary>
internal static class ContentName
{
    /// <param name="text">As it was typed.</param>
    /// <param name="finder">Knows contents by their first digits.</param>
    /// <returns>The hex digits of the digest; null when a path or words are meant.</returns>
    public static string? HexOf(string text, RecordFinder finder) =>
        File.Exists(text) ? DigestOf(text).Hex : ContentHex.Parse(text) ?? finder.FindContent(text)?.Hex;

    public static Digest DigestOf(string path)
    {
        using var file = File.OpenRead(path);
        return Digest.Of(file);
    }
}
