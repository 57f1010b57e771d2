using System.Buffers.Binary;
using Provenance.Archive.Images.Layers;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Comparison;

/// <summary>Compares BAM and BCF: the header as the text it is, without the commands that made the file, and all records byte for byte.</summary>
/// <remarks>
/// Source: SAM specification §4.2 (BAM) and VCF specification §6 (BCF): a gzip stream of magic, little-endian length, header text, then records.
/// </remarks>
internal sealed class BamComparer : IContentComparer
{
    private const int MaxHeaderBytes = 64 << 20;
    private const int LengthBytes = 4;

    private static readonly byte[] BamMagic = [.. "BAM\u0001"u8];
    private static readonly byte[] BcfMagic = [.. "BCF\u0002"u8];

    public string Kind => "bam";

    public bool Recognises(ReadOnlySpan<byte> head, string name)
    {
        if (CompressedComparer.CompressionOf(head) != Compression.Gzip)
        {
            return false;
        }

        try
        {
            using var unpacked = Decompressor.Open(Compression.Gzip, new MemoryStream(head.ToArray()));
            byte[] magic = new byte[BamMagic.Length];
            unpacked.ReadExactly(magic);
            return magic.AsSpan().SequenceEqual(BamMagic) || magic.AsSpan().SequenceEqual(BcfMagic);
        }
        catch (Exception e) when (Decompressor.IsDamage(e))
        {
            return false;
        }
    }

    public Likeness Compare(ComparedContent then, ComparedContent now, ComparisonContext context)
    {
        using var thenContent = CompressedComparer.Open(Compression.Gzip, then, context);
        using var nowContent = CompressedComparer.Open(Compression.Gzip, now, context);
        var (thenKind, thenHeader) = ReadHeader(thenContent);
        var (nowKind, nowHeader) = ReadHeader(nowContent);
        if (thenKind != nowKind)
        {
            return Likeness.Differs(thenKind, $"is {nowKind} now, {thenKind} then");
        }

        var header = thenHeader.AsSpan().SequenceEqual(nowHeader)
            ? Likeness.SameContent(thenKind)
            : CompareHeaders(thenHeader, nowHeader);
        if (header.Result != ComparisonResult.SameContent)
        {
            return header with { Kind = thenKind, Note = $"header: {header.Note}", Worst = null };
        }

        return StreamEquality.AreEqual(thenContent, nowContent)
            ? Likeness.SameContent(thenKind, "gzip packing").With(header.Normalised)
            : Likeness.Differs(thenKind, "the records differ");
    }

    private static Likeness CompareHeaders(byte[] then, byte[] now)
    {
        var thenText = new ComparedContent("header", new MemoryStream(then));
        var nowText = new ComparedContent("header", new MemoryStream(now));
        return new LinePairs(thenText, nowText, VolatileLines.Of(then), new WordComparer(null)).Compare() with { First = null };
    }

    /// <summary>Text that is padded with NUL is given without.</summary>
    private static (string Kind, byte[] Text) ReadHeader(Stream content)
    {
        // BCF has one byte more, for its minor version.
        byte[] magic = new byte[BamMagic.Length];
        content.ReadExactly(magic);
        bool isBcf = magic.AsSpan().SequenceEqual(BcfMagic);
        if (isBcf)
        {
            content.ReadExactly(magic, 0, 1);
        }

        byte[] length = new byte[LengthBytes];
        content.ReadExactly(length);
        int bytes = BinaryPrimitives.ReadInt32LittleEndian(length);
        if (bytes is < 0 or > MaxHeaderBytes)
        {
            throw new UnreadableContentException($"has a header of {bytes} bytes");
        }

        byte[] text = new byte[bytes];
        content.ReadExactly(text);
        return (isBcf ? "bcf" : "bam", text.AsSpan().TrimEnd((byte)0).ToArray());
    }
}
