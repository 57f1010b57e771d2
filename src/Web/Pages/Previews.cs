using System.Text;
using Provenance.Archive;
using Provenance.Archive.Content;

namespace Provenance.Web.Pages;

/// <summary>Looks into files that runs made. What is shown is escaped or drawn as a picture, never executed.</summary>
internal sealed class Previews(BlobStore blobs)
{
    private const int MostTextBytes = 16 << 10;
    private const int MostLines = 40;
    private const int MostRows = 12;
    private const int MostColumns = 12;
    private const long MostPictureBytes = 20 << 20;
    private static readonly string[] TableExtensions = [".csv", ".tsv"];

    /// <summary>Pictures that a browser draws without running anything, by their first bytes, and SVG, which runs nothing in an img element.</summary>
    private static readonly (string Extension, string MediaType, byte[] Magic)[] Pictures =
    [
        (".png", "image/png", [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a]),
        (".jpg", "image/jpeg", [0xff, 0xd8, 0xff]),
        (".gif", "image/gif", [(byte)'G', (byte)'I', (byte)'F', (byte)'8']),
        (".svg", "image/svg+xml", []),
    ];

    /// <returns>Null when nothing of it can be shown.</returns>
    public Preview? Of(string path, Digest digest, long size)
    {
        try
        {
            string extension = Path.GetExtension(path).ToLowerInvariant();
            byte[] beginning = Beginning(digest);
            if (Pictures.FirstOrDefault(known => IsPicture(known.Extension, known.Magic, extension, beginning)).Extension is { } picture)
            {
                return size <= MostPictureBytes ? Preview.OfPicture(digest, picture) : null;
            }

            return IsText(beginning) ? OfText(beginning, size, Array.IndexOf(TableExtensions, extension)) : null;
        }
        catch (Exception e) when (e is ArchiveException or IOException)
        {
            return null;
        }
    }

    /// <returns>Null when the file is no such picture.</returns>
    public string? MediaTypeOf(Digest digest, string extension)
    {
        var known = Pictures.FirstOrDefault(picture => picture.Extension == extension);
        return known.Extension is not null && IsPicture(known.Extension, known.Magic, extension, Beginning(digest)) ? known.MediaType : null;
    }

    private static bool IsPicture(string kind, byte[] magic, string extension, byte[] beginning) => magic.Length > 0
        ? beginning.AsSpan().StartsWith(magic)
        : extension == kind && IsText(beginning) && Encoding.UTF8.GetString(beginning).Contains("<svg", StringComparison.Ordinal);

    private static Preview OfText(byte[] beginning, long size, int tableKind)
    {
        string text = Encoding.UTF8.GetString(beginning);
        bool isCut = size > beginning.Length;
        string[] lines = text.Split('\n');
        // The last line of a part is no whole one.
        string[] whole = isCut && lines.Length > 1 ? lines[..^1] : lines;
        if (tableKind >= 0)
        {
            char separator = tableKind == 0 ? ',' : '\t';
            string[] filled = [.. whole.Where(line => line.Length > 0)];
            return new Preview
            {
                Rows = [.. filled.Take(MostRows).Select(line => (IReadOnlyList<string>)[.. line.TrimEnd('\r').Split(separator).Take(MostColumns)])],
                IsCut = isCut || filled.Length > MostRows,
            };
        }

        return new Preview { Text = string.Join('\n', whole.Take(MostLines)), IsCut = isCut || whole.Length > MostLines };
    }

    private byte[] Beginning(Digest digest)
    {
        using var file = File.OpenRead(blobs.Layout.BlobPath(digest));
        byte[] buffer = new byte[Math.Min(MostTextBytes, file.Length)];
        file.ReadExactly(buffer);
        return buffer;
    }

    /// <summary>UTF-8 without control characters but those that move to a line or column. The end may cut a character in two.</summary>
    private static bool IsText(byte[] beginning)
    {
        if (Array.Exists(beginning, b => b < 0x20 && b is not ((byte)'\n' or (byte)'\r' or (byte)'\t')))
        {
            return false;
        }

        const int LongestCharacter = 4;
        var decoder = new UTF8Encoding(false, throwOnInvalidBytes: true);
        for (int cut = 0; cut < LongestCharacter && cut <= beginning.Length; cut++)
        {
            try
            {
                decoder.GetCharCount(beginning, 0, beginning.Length - cut);
                return beginning.Length > 0;
            }
            catch (DecoderFallbackException)
            {
                // Perhaps the last character is not whole.
            }
        }

        return false;
    }
}
