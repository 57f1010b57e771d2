using Provenance.Archive.Content;
using Provenance.Archive.Images;

namespace Provenance.Archive.Records;

/// <summary>Why a run used this of several images behind one name.</summary>
public sealed record ImageChoice
{
    /// <summary>The OCI image index.</summary>
    public required Digest Index { get; init; }

    /// <summary>What it offered, in its order.</summary>
    public required IReadOnlyList<Platform> Offered { get; init; }

    /// <summary>The machine it was chosen for, as a platform; its variant is the level of its processor.</summary>
    public required Platform For { get; init; }

    /// <summary>True when it was asked for by its platform, and not chosen; null otherwise.</summary>
    public bool? Asked { get; init; }
}
