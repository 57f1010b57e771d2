namespace Provenance.Archive.Catalog;

/// <summary>A row of runs, with its record and first host, as SQLite gives it.</summary>
internal sealed class RawRun
{
    public long LogIndex { get; init; }

    public byte[] Digest { get; init; } = [];

    public long StartedAt { get; init; }

    public long EndedAt { get; init; }

    public long WallMilliseconds { get; init; }

    public int? ExitCode { get; init; }

    public int? Signal { get; init; }

    public string Command { get; init; } = "";

    public string WorkingFolder { get; init; } = "";

    public string ImageReference { get; init; } = "";

    public byte[] ImageManifest { get; init; } = [];

    public byte[] ImageTree { get; init; } = [];

    public string UserName { get; init; } = "";

    public string? Hostname { get; init; }

    public string? Cpu { get; init; }

    public int GeneratedCount { get; init; }

    public string Observation { get; init; } = "";

    public byte[]? ReplayOf { get; init; }

    public string? SignerName { get; init; }

    public byte[]? SignerCertificate { get; init; }
}
