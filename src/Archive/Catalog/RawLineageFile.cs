namespace Provenance.Archive.Catalog;

/// <summary>A row of files with its run's times, as SQLite gives it.</summary>
internal sealed class RawLineageFile
{
    public byte[] Run { get; init; } = [];

    public long StartedAt { get; init; }

    public long EndedAt { get; init; }

    public int Role { get; init; }

    public string Path { get; init; } = "";

    public byte[]? Sha256 { get; init; }

    public long Bytes { get; init; }

    public string? Use { get; init; }
}
