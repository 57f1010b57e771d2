namespace Provenance.Archive.Content;

/// <summary>The two bytes <c>{}</c>, which stand where a manifest must name a config and has none.</summary>
/// <remarks>Source: OCI image-spec v1.1.1, manifest.md, "Guidance for an empty descriptor".</remarks>
public static class EmptyObject
{
    public static ReadOnlyMemory<byte> Bytes { get; } = "{}"u8.ToArray();

    public static Descriptor Descriptor { get; } = new() { MediaType = MediaTypes.Empty, Digest = Digest.Of("{}"u8), Size = 2 };
}
