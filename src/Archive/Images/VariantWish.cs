namespace Provenance.Archive.Images;

/// <summary>For which machine one of several images behind a name is wanted.</summary>
/// <param name="Host">This machine, with the level of its processor as variant; asked only when there is something to choose.</param>
/// <param name="Platform">Taken instead of the best for this machine; null for none.</param>
public sealed record VariantWish(Func<Platform> Host, Platform? Platform = null);
