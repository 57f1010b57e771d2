using Provenance.Archive.Content;

namespace Provenance.Archive.Transparency;

/// <summary>A proof by another archive's log, to the byte as it came: what its log has signed cannot be made again here.</summary>
public sealed record OriginProof
{
    /// <summary>Longer ones are refused: a proof has some kilobytes.</summary>
    public const int MaxBytes = 1 << 18;

    private OriginProof(Digest name, ReadOnlyMemory<byte> bytes, TlogProof proof)
    {
        Name = name;
        Bytes = bytes;
        Proof = proof;
    }

    /// <summary>Of the bytes.</summary>
    public Digest Name { get; }

    public ReadOnlyMemory<byte> Bytes { get; }

    public TlogProof Proof { get; }

    /// <exception cref="LogException">The bytes are no proof.</exception>
    public static OriginProof Parse(byte[] bytes) => bytes.Length <= MaxBytes
        ? new OriginProof(Digest.Of(bytes), bytes, TlogProof.Parse(bytes))
        : throw new LogException($"proof of the log: has {bytes.Length} bytes, at most {MaxBytes} are allowed");
}
