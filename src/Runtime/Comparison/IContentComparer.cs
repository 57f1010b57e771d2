namespace Provenance.Runtime.Comparison;

/// <summary>Compares contents of one kind.</summary>
internal interface IContentComparer
{
    /// <summary>As it is shown and recorded.</summary>
    string Kind { get; }

    /// <param name="head">The first <see cref="ContentComparer.HeadBytes"/> bytes, fewer only where there are no more.</param>
    /// <param name="name">Of the file.</param>
    bool Recognises(ReadOnlySpan<byte> head, string name);

    /// <summary>Compares contents that are both of this kind and not the same bytes.</summary>
    /// <returns>Never <c>identical</c>.</returns>
    /// <exception cref="UnreadableContentException">One is not of this kind after all, or too large.</exception>
    Likeness Compare(ComparedContent then, ComparedContent now, ComparisonContext context);
}
