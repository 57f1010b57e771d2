namespace Provenance.Archive.Catalog;

/// <summary>A row of files, with its run, path and content, as SQLite gives it.</summary>
internal sealed class RawFile
{
    public long LogIndex { get; init; }

    public byte[] Digest { get; init; } = [];

    public long StartedAt { get; init; }

    public int Role { get; init; }

    public long Position { get; init; }

    public string Path { get; init; } = "";

    public byte[]? Sha256 { get; init; }

    public long Bytes { get; init; }

    public bool Kept { get; init; }

    public string? Use { get; init; }

    public string? Class { get; init; }

    public string Command { get; init; } = "";
}
