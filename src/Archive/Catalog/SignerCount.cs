using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

/// <summary>Somebody who signs records here, as the certificate says.</summary>
public sealed record SignerCount
{
    /// <summary>SHA-256 of the certificate.</summary>
    public required Digest Certificate { get; init; }

    public required string Name { get; init; }

    /// <summary>Records of every kind.</summary>
    public required long Records { get; init; }

    public required long Runs { get; init; }

    /// <summary>As the signer claims.</summary>
    public required DateTimeOffset First { get; init; }

    /// <inheritdoc cref="First"/>
    public required DateTimeOffset Last { get; init; }

    /// <summary>The same signer's of two catalogs, or of two parts of the log.</summary>
    internal SignerCount And(SignerCount other) => this with
    {
        Records = Records + other.Records,
        Runs = Runs + other.Runs,
        First = First < other.First ? First : other.First,
        Last = Last > other.Last ? Last : other.Last,
    };
}
