using System.Globalization;
using System.IO.Pipelines;
using Provenance.Archive.Content;

namespace Provenance.Web.Hosting;

/// <summary>A blob as it lies there, or a range of it. Whoever gets it proves it by its digest.</summary>
/// <remarks>
/// Source: RFC 9110 §14 and §13.1. ASP.NET Core's own results answer a range that ends before it begins with the whole file; here it is refused
/// (416), as the OCI distribution-spec's conformance suite asks. Of several ranges none is taken: the whole is sent.
/// </remarks>
internal sealed class BlobResult : IResult
{
    public required string Path { get; init; }

    public required Digest Digest { get; init; }

    public required string MediaType { get; init; }

    /// <summary>Field Content-Disposition; null for none.</summary>
    public string? Disposition { get; init; }

    /// <summary>Whether its name is in <c>Docker-Content-Digest</c>.</summary>
    public bool IsRegistry { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        long size = new FileInfo(Path).Length;
        string tag = $"\"{Digest}\"";
        response.ContentType = MediaType;
        response.Headers.ETag = tag;
        response.Headers.AcceptRanges = "bytes";
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        if (Disposition is { } disposition)
        {
            response.Headers.ContentDisposition = disposition;
        }

        if (IsRegistry)
        {
            response.Headers["Docker-Content-Digest"] = Digest.ToString();
        }

        if (request.Headers.IfNoneMatch.Contains(tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        if (!TryReadRange(request, tag, size, out var range))
        {
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            response.Headers.ContentRange = $"bytes */{size}";
            return;
        }

        var (from, count) = range ?? (0, size);
        if (range is not null)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {from}-{from + count - 1}/{size}";
        }

        response.ContentLength = count;
        if (!HttpMethods.IsHead(request.Method) && count > 0)
        {
            await SendAsync(response.BodyWriter, from, count, httpContext.RequestAborted);
        }
    }

    /// <summary>In large pieces, straight into what Kestrel sends from: its own way of sending a file reads 16 KiB at a time, and copies each.</summary>
    private async Task SendAsync(PipeWriter to, long from, long count, CancellationToken cancellation)
    {
        const int PieceBytes = 256 << 10;
        using var file = File.OpenHandle(Path, options: FileOptions.SequentialScan);
        for (long end = from + count; from < end;)
        {
            int most = (int)Math.Min(PieceBytes, end - from);
            int read = await RandomAccess.ReadAsync(file, to.GetMemory(most)[..most], from, cancellation);
            if (read == 0)
            {
                throw new EndOfStreamException($"blob '{Digest}': has become shorter");
            }

            from += read;
            to.Advance(read);
            if ((await to.FlushAsync(cancellation)).IsCompleted)
            {
                return;
            }
        }
    }

    /// <param name="tag">Of the blob: a range of another one is not wanted.</param>
    /// <param name="range">Null when the whole is wanted.</param>
    /// <returns>False when the range cannot be satisfied.</returns>
    private static bool TryReadRange(HttpRequest request, string tag, long size, out (long From, long Count)? range)
    {
        range = null;
        string given = request.Headers.Range.ToString();
        bool isOther = request.Headers.IfRange.ToString() is { Length: > 0 } condition && condition != tag;
        if (given.Length == 0 || isOther || !given.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase) || given.Contains(',', StringComparison.Ordinal))
        {
            return true;
        }

        string[] ends = given["bytes=".Length..].Split('-');
        if (ends.Length != 2)
        {
            return true;
        }

        bool hasFirst = TryRead(ends[0], out long first);
        bool hasLast = TryRead(ends[1], out long last);
        if ((!hasFirst && ends[0].Trim().Length > 0) || (!hasLast && ends[1].Trim().Length > 0) || (!hasFirst && !hasLast))
        {
            return true;
        }

        if (!hasFirst)
        {
            // The last so many bytes.
            (first, last) = (Math.Max(0, size - last), last == 0 ? -1 : size - 1);
        }
        else if (!hasLast || last >= size)
        {
            last = hasLast && last < first ? last : size - 1;
        }

        if (first > last || first >= size)
        {
            return false;
        }

        range = (first, last - first + 1);
        return true;
    }

    private static bool TryRead(string text, out long number) =>
        long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
