using System.Security.Cryptography;
using System.Text;

namespace Provenance.Archive.Transparency;

/// <summary>The lines of a seal: <c>SHA-512, two blanks, path</c>, as <c>sha512sum</c> of the archive's folder writes them.</summary>
internal static class SealSums
{
    /// <summary>What the file must be: of each new entry statement and signature, as the log has them; seals of other archives; the seal before.</summary>
    /// <exception cref="LogException">The log does not hold the entries.</exception>
    public static IEnumerable<string> Lines(Seal seal, Seal? before, TransparencyLog log, IEnumerable<CoveredSeal> covered)
    {
        foreach (byte[] entry in log.Entries(seal.From, seal.Size))
        {
            var leaf = LogLeaf.Parse(entry);
            yield return Line(leaf.Record);
            yield return Line(leaf.Signature);
        }

        foreach (string line in covered.SelectMany(seal => seal.Lines))
        {
            yield return line;
        }

        foreach (string path in before is null ? [] : new[] { before.SumsPath, before.TokenPath })
        {
            using var file = File.OpenRead(path);
            yield return $"{Convert.ToHexStringLower(SHA512.HashData(file))}  seals/{Path.GetFileName(before!.Folder)}/{Path.GetFileName(path)}";
        }
    }

    public static string Line(LeafBlob blob) => $"{blob.Sha512}  blobs/sha256/{blob.Sha256}";

    public static byte[] ToBytes(IEnumerable<string> lines)
    {
        using var bytes = new MemoryStream();
        foreach (string line in lines)
        {
            bytes.Write(Encoding.ASCII.GetBytes(line));
            bytes.WriteByte((byte)'\n');
        }

        return bytes.ToArray();
    }
}
