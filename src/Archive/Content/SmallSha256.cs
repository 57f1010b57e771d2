using System.Buffers.Binary;
using System.Numerics;

namespace Provenance.Archive.Content;

/// <summary>SHA-256 of a few kilobytes without the platform's library: a manifest is checked before OpenSSL could even be loaded.</summary>
/// <remarks>
/// Loading libssl and libcrypto takes about 6 ms, more than everything else that <c>prov run</c> does before the job starts; the run path hashes two
/// blobs of some hundred bytes. Above <see cref="MostBytes"/> the platform's is used. Held to it byte by byte in the tests. Source: FIPS 180-4 §6.2.
/// </remarks>
internal static class SmallSha256
{
    /// <summary>Content longer than this goes to the platform's SHA-256, in bytes.</summary>
    public const int MostBytes = 16 * 1024;

    private const int BlockBytes = 64;

    // FIPS 180-4 §4.2.2: the fractional parts of the cube roots of the first 64 primes.
    private static ReadOnlySpan<uint> K =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <param name="content">At most <see cref="MostBytes"/>.</param>
    /// <param name="hash">32 bytes, written.</param>
    public static void Hash(ReadOnlySpan<byte> content, Span<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, MostBytes);

        // FIPS 180-4 §5.3.3: the fractional parts of the square roots of the first eight primes.
        Span<uint> state =
        [
            0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
        ];
        int whole = content.Length / BlockBytes * BlockBytes;
        for (int at = 0; at < whole; at += BlockBytes)
        {
            Compress(state, content.Slice(at, BlockBytes));
        }

        CompressPadded(state, content[whole..], content.Length);
        for (int i = 0; i < state.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(hash[(4 * i)..], state[i]);
        }
    }

    // §5.1.1: a one bit, zeros, and the length in bits as 64 bits.
    private static void CompressPadded(Span<uint> state, ReadOnlySpan<byte> rest, int totalBytes)
    {
        Span<byte> padded = stackalloc byte[2 * BlockBytes];
        padded.Clear();
        rest.CopyTo(padded);
        padded[rest.Length] = 0x80;
        int used = rest.Length + 9 <= BlockBytes ? BlockBytes : 2 * BlockBytes;
        BinaryPrimitives.WriteUInt64BigEndian(padded[(used - 8)..], (ulong)totalBytes * 8);
        for (int at = 0; at < used; at += BlockBytes)
        {
            Compress(state, padded.Slice(at, BlockBytes));
        }
    }

    // §6.2.2.
    private static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        Span<uint> w = stackalloc uint[64];
        Schedule(w, block);
        (uint a, uint b, uint c, uint d) = (state[0], state[1], state[2], state[3]);
        (uint e, uint f, uint g, uint h) = (state[4], state[5], state[6], state[7]);
        for (int t = 0; t < w.Length; t++)
        {
            uint sum1 = BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25);
            uint t1 = h + sum1 + ((e & f) ^ (~e & g)) + K[t] + w[t];
            uint sum0 = BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22);
            uint t2 = sum0 + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + t1, c, b, a, t1 + t2);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    private static void Schedule(Span<uint> w, ReadOnlySpan<byte> block)
    {
        for (int t = 0; t < 16; t++)
        {
            w[t] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * t)..]);
        }

        for (int t = 16; t < w.Length; t++)
        {
            uint sigma0 = BitOperations.RotateRight(w[t - 15], 7) ^ BitOperations.RotateRight(w[t - 15], 18) ^ (w[t - 15] >> 3);
            uint sigma1 = BitOperations.RotateRight(w[t - 2], 17) ^ BitOperations.RotateRight(w[t - 2], 19) ^ (w[t - 2] >> 10);
            w[t] = sigma1 + w[t - 7] + sigma0 + w[t - 16];
        }
    }
}
