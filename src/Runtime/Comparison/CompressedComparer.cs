using Provenance.Archive.Images.Layers;

namespace Provenance.Runtime.Comparison;

/// <summary>Compares what is in a gzip, bzip2, xz or zstd stream; its header, with a time and a name, and how well it is packed are told apart.</summary>
internal sealed class CompressedComparer : IContentComparer
{
    private static readonly string[] Endings = [".gz", ".bgz", ".bz2", ".xz", ".zst"];

    public string Kind => "compressed";

    public bool Recognises(ReadOnlySpan<byte> head, string name) => CompressionOf(head) != Compression.None;

    public Likeness Compare(ComparedContent then, ComparedContent now, ComparisonContext context)
    {
        var compression = CompressionOf(then.Head(ContentComparer.HeadBytes));
        if (CompressionOf(now.Head(ContentComparer.HeadBytes)) != compression)
        {
            throw new UnreadableContentException("is compressed in another way");
        }

        string kind = Word(compression);
        if (HaveSameContent(compression, then, now, context))
        {
            return Likeness.SameContent(kind, $"{kind} packing");
        }

        using var thenContent = Unpack(compression, then, context);
        using var nowContent = Unpack(compression, now, context);
        var inner = ContentComparer.Compare(
            new ComparedContent(InnerName(then.Name), thenContent), new ComparedContent(InnerName(now.Name), nowContent), context.Inner);
        return inner with { Kind = $"{kind} of {inner.Kind}" };
    }

    public static Compression CompressionOf(ReadOnlySpan<byte> head)
    {
        using var peek = new PeekStream(new MemoryStream(head[..Math.Min(head.Length, 16)].ToArray()));
        return Decompressor.Recognise(peek);
    }

    /// <summary>What is in a stream, read once.</summary>
    public static BudgetedStream Open(Compression compression, ComparedContent content, ComparisonContext context) =>
        new(Decompressor.Open(compression, new UndisposedStream(content.FromStart())), content.Length, context.Budget);

    private static bool HaveSameContent(Compression compression, ComparedContent then, ComparedContent now, ComparisonContext context)
    {
        using var thenContent = Open(compression, then, context);
        using var nowContent = Open(compression, now, context);
        return StreamEquality.AreEqual(thenContent, nowContent);
    }

    private static Stream Unpack(Compression compression, ComparedContent content, ComparisonContext context)
    {
        using var unpacked = Open(compression, content, context);
        return Spool.Of(unpacked, context.Folder);
    }

    private static string InnerName(string name) =>
        Endings.FirstOrDefault(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) is { } found
            ? name[..^found.Length]
            : name;

    private static string Word(Compression compression) => compression switch
    {
        Compression.Gzip => "gzip",
        Compression.Bzip2 => "bzip2",
        Compression.Xz => "xz",
        _ => "zstd",
    };
}
