namespace Provenance.Archive.Access;

/// <summary>A row as Dapper reads it.</summary>
internal sealed class RawManifest
{
    public string Repository { get; set; } = "";

    public byte[] Digest { get; set; } = [];

    public string MediaType { get; set; } = "";

    public long Bytes { get; set; }

    public string? ArtifactType { get; set; }

    public byte[]? Subject { get; set; }

    public string? Annotations { get; set; }

    public string Owner { get; set; } = "";

    public bool IsPrivate { get; set; }

    public long? PublicAt { get; set; }
}
