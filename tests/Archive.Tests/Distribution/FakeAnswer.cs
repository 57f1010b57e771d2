namespace Provenance.Archive.Tests.Distribution;

/// <summary>What a <see cref="FakeRegistry"/> answers, and how it misbehaves.</summary>
internal sealed record FakeAnswer(int Status, byte[]? Body = null, params (string Name, string Value)[] Headers)
{
    /// <summary>The connection is closed after so many bytes of the body; null for after all.</summary>
    public int? CutAfter { get; init; }

    /// <summary>The length that is told; null for the body's. Negative: none, and the body never ends.</summary>
    public long? Length { get; init; }

    /// <summary>Nothing comes for so long.</summary>
    public TimeSpan Delay { get; init; }
}
