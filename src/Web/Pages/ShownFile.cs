using Provenance.Archive.Content;

namespace Provenance.Web.Pages;

/// <summary>A file of a run, as a table shows it.</summary>
public sealed record ShownFile
{
    public required string Path { get; init; }

    /// <summary>In bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Null when it was not hashed, is a folder or was deleted.</summary>
    public Digest? Sha256 { get; init; }

    /// <summary>What is to be said beside it: <c>created</c>, <c>read</c>, <c>configuration</c>.</summary>
    public required string Note { get; init; }

    /// <summary>Whether its bytes are in this archive now.</summary>
    public required bool IsHere { get; init; }

    /// <summary>What can be shown of it; null for nothing.</summary>
    public Preview? Preview { get; init; }
}
