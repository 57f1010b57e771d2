namespace Provenance.Runtime.Comparison;

/// <summary>Whether two streams hold the same bytes.</summary>
internal static class StreamEquality
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Reads both to their ends, or until they part.</summary>
    public static bool AreEqual(Stream then, Stream now)
    {
        byte[] first = new byte[BufferBytes];
        byte[] second = new byte[BufferBytes];
        while (true)
        {
            int length = then.ReadAtLeast(first, BufferBytes, throwOnEndOfStream: false);
            int other = now.ReadAtLeast(second, BufferBytes, throwOnEndOfStream: false);
            if (!first.AsSpan(0, length).SequenceEqual(second.AsSpan(0, other)))
            {
                return false;
            }

            if (length < BufferBytes)
            {
                return true;
            }
        }
    }
}
