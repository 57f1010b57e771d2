using Provenance.Archive.Content;

namespace Provenance.Archive.Distribution;

/// <summary>A manifest or index as a registry gave it: of the digest that was asked for, where one was.</summary>
public sealed record FetchedManifest(Descriptor Descriptor, ReadOnlyMemory<byte> Bytes);
