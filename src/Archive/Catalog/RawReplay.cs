namespace Provenance.Archive.Catalog;

/// <summary>A row of replays, with its record and host, as SQLite gives it.</summary>
internal sealed class RawReplay
{
    public long LogIndex { get; init; }

    public byte[] Digest { get; init; } = [];

    public byte[] Run { get; init; } = [];

    public string Verdict { get; init; } = "";

    public string? Reason { get; init; }

    public string Assessed { get; init; } = "";

    public bool Forced { get; init; }

    public bool IsNoiseFloor { get; init; }

    public long? StartedAt { get; init; }

    public string? Hostname { get; init; }

    public string? Cpu { get; init; }

    public string? SignerName { get; init; }

    public byte[]? SignerCertificate { get; init; }
}
