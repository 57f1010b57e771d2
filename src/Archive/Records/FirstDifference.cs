namespace Provenance.Archive.Records;

/// <summary>The first byte that differs, with what stands around it.</summary>
public sealed record FirstDifference
{
    /// <summary>From 0, in bytes.</summary>
    public required long Offset { get; init; }

    /// <summary>From 1, when both are text.</summary>
    public long? Line { get; init; }

    /// <summary>The line, or up to 16 bytes in hex.</summary>
    public required string Original { get; init; }

    public required string Replayed { get; init; }
}
