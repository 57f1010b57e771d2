namespace Provenance.Web.Hosting;

/// <summary>Bodies of requests that are read into memory, up to a bound.</summary>
internal static class SmallBody
{
    /// <returns>Null when there is more than the bound.</returns>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellation)
    {
        if (request.ContentLength > maxBytes)
        {
            return null;
        }

        using var content = new MemoryStream();
        byte[] buffer = new byte[1 << 15];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellation)) > 0)
        {
            if (content.Length + read > maxBytes)
            {
                return null;
            }

            await content.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }

        return content.ToArray();
    }
}
