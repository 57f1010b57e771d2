using Provenance.Archive.Catalog;
using Provenance.Web.Pages;

namespace Provenance.Web.Api;

/// <summary>A file that a run had.</summary>
internal sealed record FileItem
{
    /// <summary>Of the run.</summary>
    public string? Run { get; init; }

    /// <summary><c>used</c>, <c>generated</c>, <c>stdin</c>, <c>stdout</c>, <c>stderr</c> or <c>injected</c>; of a run's own lists what was done.</summary>
    public required string Role { get; init; }

    /// <summary>In the container.</summary>
    public required string Path { get; init; }

    public required long Bytes { get; init; }

    public string? Sha256 { get; init; }

    /// <summary>Where its bytes are on this site; absent when they are not here.</summary>
    public string? Content { get; init; }

    public static FileItem Of(FileMatch file) => new()
    {
        Run = file.Run.Hex,
        Role = file.Role.ToString().ToLowerInvariant(),
        Path = file.Path,
        Bytes = file.Size,
        Sha256 = file.Sha256?.Hex,
    };

    public static FileItem Of(ShownFile file) => new()
    {
        Role = file.Note,
        Path = file.Path,
        Bytes = file.Size,
        Sha256 = file.Sha256?.Hex,
        Content = file is { IsHere: true, Sha256: { } digest } ? Paths.Blob(digest) : null,
    };
}
