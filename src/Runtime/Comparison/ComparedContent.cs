namespace Provenance.Runtime.Comparison;

/// <summary>One of two contents that are compared. It can be read more than once.</summary>
/// <param name="Name">Of the file; its ending decides only where the content leaves it open.</param>
/// <param name="Stream">Can be sought in; its owner disposes of it.</param>
internal sealed record ComparedContent(string Name, Stream Stream)
{
    public long Length => Stream.Length;

    /// <summary>The stream, at its start.</summary>
    public Stream FromStart()
    {
        Stream.Position = 0;
        return Stream;
    }

    /// <summary>The first bytes, fewer only where there are no more.</summary>
    public byte[] Head(int count)
    {
        byte[] head = new byte[Math.Min(count, Length)];
        FromStart().ReadExactly(head);
        return head;
    }
}
