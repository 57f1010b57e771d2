using Provenance.Archive.Content;

namespace Provenance.Archive.Exchange;

/// <summary>A blob as the records of a bundle name it.</summary>
/// <param name="Blob">With everything that any of them says of it.</param>
/// <param name="As">All that they name it as.</param>
/// <param name="By">The first record that names it.</param>
internal sealed record NamedBlob(Descriptor Blob, NamedAs As, Digest By)
{
    /// <summary>What nothing can be understood without is never absent.</summary>
    public bool MayBeAbsent => (As & NamedAs.Part) == 0;

    /// <summary>Whether a bundle without images goes without it.</summary>
    public bool IsOnlyLayer => As == NamedAs.Layer;
}
