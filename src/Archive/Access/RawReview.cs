namespace Provenance.Archive.Access;

/// <summary>A row as Dapper reads it.</summary>
internal sealed class RawReview
{
    public long Id { get; set; }

    public string Label { get; set; } = "";

    public long CreatedAt { get; set; }

    public long? ExpiresAt { get; set; }

    public long? RevokedAt { get; set; }
}
