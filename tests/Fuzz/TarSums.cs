using System.Text;

namespace Provenance.Fuzz;

/// <summary>Makes the checksums of a tar right again: without, hardly a changed header would be looked at.</summary>
internal static class TarSums
{
    private const int BlockBytes = 512;
    private const int SizeAt = 124;
    private const int SumAt = 148;
    private const int SumBytes = 8;

    public static byte[] Mend(byte[] tar)
    {
        byte[] mended = [.. tar];
        for (long at = 0; at + BlockBytes <= mended.Length;)
        {
            var block = mended.AsSpan((int)at, BlockBytes);
            at += BlockBytes;
            if (!block.ContainsAnyExcept((byte)0))
                continue;

            block.Slice(SumAt, SumBytes).Fill((byte)' ');
            int sum = 0;
            foreach (byte one in block)
                sum += one;
            Encoding.ASCII.GetBytes($"{Convert.ToString(sum, 8).PadLeft(6, '0')}\0 ", block.Slice(SumAt, SumBytes));
            at += Padded(SizeOf(block));
        }

        return mended;
    }

    private static long SizeOf(ReadOnlySpan<byte> block)
    {
        long size = 0;
        foreach (byte digit in block.Slice(SizeAt, 12))
        {
            if (digit is >= (byte)'0' and <= (byte)'7')
                size = (size * 8) + digit - '0';
        }

        return size;
    }

    private static long Padded(long size) => (size + BlockBytes - 1) / BlockBytes * BlockBytes;
}
