using System.Formats.Asn1;

namespace Provenance.Archive.Trust;

/// <summary>An algorithm and its parameters, as DER; null where none are given. Source: RFC 5280 §4.1.1.2.</summary>
internal sealed record AlgorithmIdentifier(string Oid, byte[]? Parameters)
{
    private static readonly byte[] Null = [0x05, 0x00];

    /// <summary>Whether it has no parameters, or NULL, which some write in place of none.</summary>
    public bool HasNoParameters => Parameters is null || Parameters.AsSpan().SequenceEqual(Null);

    public static AlgorithmIdentifier Read(AsnReader reader)
    {
        var sequence = reader.ReadSequence();
        string oid = sequence.ReadObjectIdentifier();
        byte[]? parameters = sequence.HasData ? sequence.ReadEncodedValue().ToArray() : null;
        sequence.ThrowIfNotEmpty();
        return new AlgorithmIdentifier(oid, parameters);
    }
}
