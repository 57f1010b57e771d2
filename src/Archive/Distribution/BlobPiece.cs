using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Provenance.Archive.Content;

namespace Provenance.Archive.Distribution;

/// <summary>A part of a blob as the body of a request, streamed.</summary>
internal sealed class BlobPiece : HttpContent
{
    private readonly BlobSource _source;
    private readonly long _begin;
    private readonly long _length;
    private readonly Action<int> _sent;

    /// <param name="source">Whose part it is.</param>
    /// <param name="begin">In bytes.</param>
    /// <param name="length">In bytes.</param>
    /// <param name="isPart">Whether it is said where it begins and ends.</param>
    /// <param name="sent">Told of bytes as they go.</param>
    public BlobPiece(BlobSource source, long begin, long length, bool isPart, Action<int> sent)
    {
        (_source, _begin, _length, _sent) = (source, begin, length, sent);
        Headers.ContentType = new MediaTypeHeaderValue(MediaTypes.OctetStream);
        Headers.ContentLength = length;
        if (isPart)
        {
            // distribution-spec, "Pushing a blob in chunks": "<range> … is inclusive on both ends", and without a unit, which the typed field must have.
            Headers.TryAddWithoutValidation("Content-Range", string.Create(CultureInfo.InvariantCulture, $"{begin}-{begin + length - 1}"));
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _source.CopyAsync(stream, _begin, _length, _sent, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }
}
