using System.Net;
using Provenance.Archive.Content;
using Provenance.Archive.Images.Layers;

namespace Provenance.Archive.Distribution;

/// <summary>The bytes of a blob as they come. When the connection is lost, the rest is asked for.</summary>
/// <remarks>Source: OCI distribution-spec v1.1.1, "Pulling blobs"; RFC 9110 §14 for ranges.</remarks>
internal sealed class BlobDownload : ForwardStream
{
    private readonly RegistryTransport _transport;
    private readonly RegistryOptions _options;
    private readonly RegistryRequest _request;
    private readonly Descriptor _blob;
    private readonly CancellationToken _cancellation;
    private HttpResponseMessage? _response;
    private Stream? _body;
    private long _position;
    private int _failures;

    private BlobDownload(
        RegistryTransport transport, RegistryOptions options, RegistryRequest request, Descriptor blob, long offset, CancellationToken cancellation)
    {
        (_transport, _options, _request, _blob, _cancellation) = (transport, options, request, blob, cancellation);
        _position = offset;
    }

    public override long Length => _blob.Size;

    /// <summary>Asks, so that what is not there is known at once.</summary>
    public static BlobDownload Begin(
        RegistryTransport transport, RegistryOptions options, RegistryEndpoint endpoint, Descriptor blob, long offset, CancellationToken cancellation)
    {
        var request = new RegistryRequest
        {
            Endpoint = endpoint,
            Method = HttpMethod.Get,
            Address = endpoint.At($"blobs/{blob.Digest}"),
            Subject = $"blob '{blob.Digest}' of '{endpoint}'",
            Follows = true,
        };
        var download = new BlobDownload(transport, options, request, blob, offset, cancellation);
        try
        {
            download.Connect();
            return download;
        }
        catch
        {
            download.Dispose();
            throw;
        }
    }

    /// <exception cref="RegistryException">It stops coming, however often the rest is asked for.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            try
            {
                Connect();
                int read = _body!.Read(buffer);
                if (read == 0 && !buffer.IsEmpty && _position < _blob.Size)
                {
                    throw new IOException($"ends after {_position} of {_blob.Size} bytes");
                }

                _position += read;
                _failures = read > 0 ? 0 : _failures;
                return read;
            }
            catch (Exception e) when (RegistryTransport.IsLoss(e, _cancellation))
            {
                Disconnect();
                if (++_failures >= _options.Attempts)
                {
                    throw RegistryTransport.Unreachable(_request.Subject, e);
                }

                _transport.Pause(_failures, null, _request.Subject, _cancellation);
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Disconnect();
        }

        base.Dispose(disposing);
    }

    private void Disconnect()
    {
        _body?.Dispose();
        _response?.Dispose();
        (_body, _response) = (null, null);
    }

    private void Connect()
    {
        if (_body is not null)
        {
            return;
        }

        if (_position > 0 && _position == _blob.Size)
        {
            // A range behind the end cannot be satisfied: nothing is left to ask for.
            _body = new MemoryStream([]);
            return;
        }

        _response = _transport.Send(_request with { Offset = _position }, _cancellation);
        long begin = BeginOf(_response);
        Check(begin, _response.Content.Headers.ContentLength);
        _body = _transport.Open(_response, _cancellation);
        Skip(_position - begin);
    }

    /// <returns>At which byte of the blob the answer begins.</returns>
    private long BeginOf(HttpResponseMessage response)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                // RFC 9110 §14.2: "A server MAY ignore the Range header field."
                return 0;
            case HttpStatusCode.PartialContent when response.Content.Headers.ContentRange is { Unit: "bytes" } range
                && range.From == _position && (range.Length is null || range.Length == _blob.Size):
                return _position;
            case HttpStatusCode.PartialContent:
                throw Refused($"answers with the range '{response.Content.Headers.ContentRange}', asked for was '{_position}-' of {_blob.Size} bytes");
            case HttpStatusCode.RequestedRangeNotSatisfiable:
                throw Refused($"has no bytes from {_position} on, its descriptor says {_blob.Size}");
            default:
                throw Refused(RegistryAnswer.Describe(response, () => _transport.Read(response, RegistryAnswer.MaxBytes, _request.Subject, _cancellation)));
        }
    }

    private void Check(long begin, long? length)
    {
        if (length is { } told && told != _blob.Size - begin)
        {
            throw Refused($"has {begin + told} bytes, its descriptor says {_blob.Size}");
        }
    }

    private void Skip(long bytes)
    {
        byte[] buffer = new byte[1 << 16];
        while (bytes > 0)
        {
            int read = _body!.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, bytes)));
            bytes -= read > 0 ? read : throw new IOException("ends before what is here already");
        }
    }

    private RegistryException Refused(string reason) => new(_request.Subject, reason, _response!.StatusCode);
}
