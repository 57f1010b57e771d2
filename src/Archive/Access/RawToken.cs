namespace Provenance.Archive.Access;

/// <summary>A row as Dapper reads it.</summary>
internal sealed class RawToken
{
    public long Id { get; set; }

    public string Label { get; set; } = "";

    public string Owner { get; set; } = "";

    public string Scopes { get; set; } = "";

    public bool IsPrivate { get; set; }

    public long CreatedAt { get; set; }

    public long? ExpiresAt { get; set; }

    public long? UsedAt { get; set; }

    public long? RevokedAt { get; set; }
}
