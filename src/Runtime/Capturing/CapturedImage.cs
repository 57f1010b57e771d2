using Provenance.Archive.Records;

namespace Provenance.Runtime.Capturing;

/// <summary>An image made of the host's files, in the archive, signed and named.</summary>
internal sealed record CapturedImage
{
    public required RunImage Image { get; init; }

    /// <summary>Absolute paths of all files and links in it.</summary>
    public required IReadOnlyList<string> Packed { get; init; }

    /// <summary>Links of the user's through which the job went, in order.</summary>
    public required IReadOnlyCollection<HostStep> UsersLinks { get; init; }

    /// <summary>Plain sentences on what of the system is not in it as the job used it.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Files that the job used and that are never packed, in order.</summary>
    public required IReadOnlyList<string> Private { get; init; }

    /// <summary>Environments of the image that a mounted folder would hide, by their top folders.</summary>
    public required IReadOnlyList<string> HiddenEnvironments { get; init; }
}
