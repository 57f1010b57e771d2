using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Provenance.EndToEnd.Tests;

/// <summary>An image of one layer as <c>docker save</c> packs it, as large as one likes: written as a stream, its zeros as holes of the file.</summary>
internal sealed class LargeImage : IDisposable
{
    private const int BlockBytes = 1 << 20;
    private const int TarBlockBytes = 512;
    private const int FileBlocks = 100;

    private static readonly byte[] Zeros = new byte[BlockBytes];

    private readonly FileStream _file;
    private readonly IncrementalHash _layer = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _noise = new byte[BlockBytes];
    private long _blocks;

    private LargeImage(string path)
    {
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (int at = SHA256.HashSizeInBytes; at < _noise.Length; at += SHA256.HashSizeInBytes)
            SHA256.HashData(_noise.AsSpan(at - SHA256.HashSizeInBytes, SHA256.HashSizeInBytes), _noise.AsSpan(at));
    }

    /// <param name="path">Is made.</param>
    /// <param name="files">How many of 100 MiB: every second one is zeros, the others are noise.</param>
    public static void Write(string path, int files)
    {
        using var image = new LargeImage(path);
        const long FileBytes = (long)FileBlocks * BlockBytes;
        image._file.Write(Header("layer.tar", (files * (FileBytes + TarBlockBytes)) + (2 * TarBlockBytes)));
        for (int number = 0; number < files; number++)
        {
            image.Add(Header($"data{number}", FileBytes));
            for (int block = 0; block < FileBlocks; block++)
                image.AddBlock(isNoise: number % 2 == 1);
        }

        image.Add(new byte[2 * TarBlockBytes]);
        string diffId = Convert.ToHexStringLower(image._layer.GetHashAndReset());
        image.AddDocument(
            "config.json",
            $$$"""{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:{{{diffId}}}"]}}""");
        image.AddDocument("manifest.json", """[{"Config":"config.json","RepoTags":["large:1"],"Layers":["layer.tar"]}]""");
        image._file.Write(new byte[2 * TarBlockBytes]);
    }

    public void Dispose()
    {
        _layer.Dispose();
        _file.Dispose();
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        _file.Write(bytes);
        _layer.AppendData(bytes);
    }

    private void AddBlock(bool isNoise)
    {
        if (isNoise)
        {
            // No two blocks are the same, so that nothing can keep one of them alone.
            BinaryPrimitives.WriteInt64LittleEndian(_noise, ++_blocks);
            Add(_noise);
            return;
        }

        _file.Seek(BlockBytes, SeekOrigin.Current);
        _layer.AppendData(Zeros);
    }

    private void AddDocument(string name, string content)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        _file.Write(Header(name, bytes.Length));
        _file.Write(bytes);
        _file.Write(new byte[-bytes.Length & (TarBlockBytes - 1)]);
    }

    /// <summary>POSIX.1-1988 ustar: numbers are octal, the checksum is counted with blanks in its own place.</summary>
    private static byte[] Header(string name, long size)
    {
        byte[] header = new byte[TarBlockBytes];
        Put(0, name);
        Put(100, $"{Octal(0x1A4, 7)}\0{Octal(0, 7)}\0{Octal(0, 7)}\0");
        Put(124, Octal(size, 11));
        Put(136, "\000000000000\0        0"[1..]);
        Put(257, "ustar\00000");
        Put(148, Octal(header.Sum(value => (long)value), 6) + "\0 ");
        return header;

        void Put(int at, string text) => Encoding.ASCII.GetBytes(text).CopyTo(header, at);
    }

    private static string Octal(long value, int digits) => Convert.ToString(value, 8).PadLeft(digits, '0');
}
