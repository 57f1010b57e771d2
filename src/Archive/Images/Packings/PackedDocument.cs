namespace Provenance.Archive.Images.Packings;

/// <summary>A small document of an image, in memory, exactly as it came.</summary>
internal sealed record PackedDocument(string MediaType, byte[] Content);
