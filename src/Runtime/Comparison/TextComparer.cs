namespace Provenance.Runtime.Comparison;

/// <summary>Compares texts line by line: numbers as numbers, all else as it stands.</summary>
internal sealed class TextComparer : IContentComparer
{
    public string Kind => "text";

    public bool Recognises(ReadOnlySpan<byte> head, string name) => IsText(head);

    /// <summary>Whether these bytes begin a text: no NUL and no control characters but those that text has.</summary>
    public static bool IsText(ReadOnlySpan<byte> head) =>
        !head.ContainsAnyInRange((byte)0, (byte)6) && !head.ContainsAnyInRange((byte)14, (byte)26) && !head.ContainsAnyInRange((byte)28, (byte)31);

    public Likeness Compare(ComparedContent then, ComparedContent now, ComparisonContext context)
    {
        var head = then.Head(ContentComparer.HeadBytes);
        var delimiter = Delimiter.Of(head, then.Name);
        ILineComparer lines = delimiter is null
            ? new WordComparer(context.Tolerance)
            : new FieldComparer(context.Tolerance, delimiter.Value);
        return new LinePairs(then, now, VolatileLines.Of(head), lines).Compare();
    }
}
