namespace Provenance.Archive.Records;

/// <summary>A file of the image that one of the host hid.</summary>
public sealed record ReplacedFile
{
    /// <summary>Absolute path in the container, links resolved.</summary>
    public required string Path { get; init; }

    /// <summary>DT_SONAME; null when it is no shared object.</summary>
    public string? Soname { get; init; }

    /// <summary>NT_GNU_BUILD_ID, lowercase hex.</summary>
    public string? BuildId { get; init; }
}
