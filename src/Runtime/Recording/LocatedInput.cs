using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording;

/// <summary>A file the run could read, and where its very content is now.</summary>
/// <param name="HostPath">Null when it is only in the archive.</param>
/// <param name="Blob">Null when it is on the host, or nowhere: then nobody looked into it, and it is made as a hole of its size.</param>
internal sealed record LocatedInput(UsedFile File, string? HostPath, Descriptor? Blob)
{
    /// <summary>An earlier step of a chain has made it anew: it is another file than the run's.</summary>
    public bool IsFed { get; init; }

    /// <summary>Its content could not be proved, since the run did not hash it; the size agrees.</summary>
    public bool IsUnproved => File.Digest is null && File.Use != FileUse.Present;
}
