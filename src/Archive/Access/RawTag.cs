namespace Provenance.Archive.Access;

/// <summary>A row as Dapper reads it.</summary>
internal sealed class RawTag
{
    public string Repository { get; set; } = "";

    public string Tag { get; set; } = "";

    public byte[] Digest { get; set; } = [];

    public string Owner { get; set; } = "";

    public bool IsPrivate { get; set; }

    public long? PublicAt { get; set; }
}
