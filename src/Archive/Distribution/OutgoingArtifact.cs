using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Images.Packings;

namespace Provenance.Archive.Distribution;

/// <summary>An artifact that is no image, ready to be sent. Its config is <see cref="EmptyObject"/>.</summary>
public sealed record OutgoingArtifact
{
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    public required Descriptor Manifest { get; init; }

    public required string ArtifactType { get; init; }

    public required IReadOnlyDictionary<string, string> Annotations { get; init; }

    /// <summary>The manifest it speaks of; null for none.</summary>
    public Descriptor? Subject { get; init; }

    /// <summary>Each with how its bytes are opened.</summary>
    public required IReadOnlyList<(Descriptor Content, Func<Stream> Open)> Layers { get; init; }

    public static OutgoingArtifact Of(BundleArtifact bundle) => new()
    {
        Bytes = bundle.Bytes,
        Manifest = bundle.Manifest,
        ArtifactType = BundleArtifactNames.ArtifactType,
        Annotations = OciReader.ReadDocument(bundle.Bytes.Span, "manifest").Annotations!,
        Subject = bundle.Subject,
        Layers = [.. bundle.Layers.Select(layer => (layer.Content, layer.Open))],
    };
}
