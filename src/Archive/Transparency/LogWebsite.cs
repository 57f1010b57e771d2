using System.Net;

namespace Provenance.Archive.Transparency;

/// <summary>A log that is served over HTTP. Whoever serves it may send anything, as slowly as they like: sizes and times are bounded.</summary>
/// <remarks>Source: C2SP tlog-tiles.md, "APIs".</remarks>
internal sealed class LogWebsite : ILogFiles, IDisposable
{
    private const int MaxRedirections = 3;
    private const int BufferBytes = 1 << 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Uri _base;
    private readonly HttpClient _client;
    private readonly TimeSpan _patience;

    /// <param name="address">What <c>/checkpoint</c> is put behind.</param>
    /// <param name="patience">For one file, from asking to the last byte; 30 seconds when not said.</param>
    /// <exception cref="LogException">It is no address.</exception>
    public LogWebsite(string address, TimeSpan? patience = null)
    {
        _patience = patience ?? Patience;
        _base = Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out var uri)
            ? uri
            : throw new LogException($"log '{address}': is no address");

        // "Logs MAY use Content-Encoding: gzip with no negotiation." What it unpacks to is bounded as we read.
        var handler = new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.GZip,
            MaxAutomaticRedirections = MaxRedirections,
            UseCookies = false,
        };
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public byte[]? FindCheckpoint() => Find("checkpoint", SignedNote.MaxBytes);

    public byte[]? FindVerifierKey() => Find("vkey", ILogFiles.MaxVerifierKeyBytes);

    public byte[]? FindRotation(VerifierKey old) => Find(LogRotation.PathFrom(old), SignedNote.MaxBytes);

    public byte[] ReadHashes(int level, long index, int width)
    {
        int expected = width * MerkleTree.HashBytes;
        byte[] bytes = Read(
            TilePath.OfHashes(level, index, width),
            TilePath.OfHashes(level, index, TilePath.FullWidth),
            TilePath.FullWidth * MerkleTree.HashBytes);
        return bytes.Length >= expected
            ? bytes[..expected]
            : throw new LogException($"log tile '{TilePath.OfHashes(level, index, width)}': has {bytes.Length} bytes, expected {expected}");
    }

    public IReadOnlyList<byte[]> ReadEntries(long index, int width)
    {
        string path = TilePath.OfEntries(index, width);
        byte[] bytes = Read(path, TilePath.OfEntries(index, TilePath.FullWidth), EntryBundle.MaxBytes);
        return EntryBundle.Parse(bytes, width) ?? throw new LogException($"log bundle '{path}': does not hold {width} whole entries");
    }

    public void Dispose() => _client.Dispose();

    /// <summary>A log may remove a partial tile once the full one is there.</summary>
    private byte[] Read(string path, string fullTile, int maxBytes) =>
        Find(path, maxBytes)
        ?? (path == fullTile ? null : Find(fullTile, maxBytes))
        ?? throw new LogException($"log tile '{path}': missing");

    private byte[]? Find(string path, int maxBytes)
    {
        using var patience = new CancellationTokenSource(_patience);
        try
        {
            return FindAsync(path, maxBytes, patience.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException e)
        {
            throw new LogUnreachableException($"log '{_base}{path}': no answer within {_patience.TotalSeconds} s", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException)
        {
            throw new LogUnreachableException($"log '{_base}{path}': {e.Message.TrimEnd('.')}", e);
        }
    }

    private async Task<byte[]?> FindAsync(string path, int maxBytes, CancellationToken cancellation)
    {
        using var response = await _client.GetAsync(new Uri(_base, path), HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            return null;
        }

        if (!response.IsSuccessStatusCode)
        {
            throw new LogUnreachableException($"log '{_base}{path}': answers with status {(int)response.StatusCode}");
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        using var content = new MemoryStream();
        byte[] buffer = new byte[BufferBytes];
        for (int read; (read = await body.ReadAsync(buffer, cancellation)) > 0;)
        {
            await content.WriteAsync(buffer.AsMemory(0, read), cancellation);
            if (content.Length > maxBytes)
            {
                throw new LogException($"log '{_base}{path}': has more than {maxBytes} bytes");
            }
        }

        return content.ToArray();
    }
}
