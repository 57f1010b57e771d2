using Provenance.Archive.Images.Layers;

namespace Provenance.Runtime.Comparison;

/// <summary>Lends a stream to a reader that would dispose of it.</summary>
internal sealed class UndisposedStream(Stream lent) : ForwardStream
{
    public override int Read(Span<byte> buffer) => lent.Read(buffer);
}
