using Provenance.Archive.Transparency;

namespace Provenance.Archive.Exchange;

/// <summary>A seal that goes into a bundle.</summary>
/// <param name="Listed">As it stands in <c>BUNDLE.json</c>.</param>
/// <param name="Place">Where its files are.</param>
internal sealed record PackedSeal(BundledSeal Listed, SealPlace Place);
