using Provenance.Archive.Records;

namespace Provenance.Cli;

/// <summary>Where profiles of other machines come from: files, folders, and web servers.</summary>
internal static class HostProfileSource
{
    private const int MaxFiles = 10_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="place">A file, or an address that begins with http:// or https://.</param>
    /// <exception cref="UsageException">It is too large, or cannot be had.</exception>
    public static HostProfile Read(string place) =>
        HostProfileJson.Parse(IsAddress(place) ? Fetch(place) : ReadFile(place));

    /// <summary>The profiles in a folder, in order of name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static IReadOnlyList<string> ListFolder(string folder)
    {
        string[] files = [.. Directory.EnumerateFiles(folder, "*.json").Take(MaxFiles).Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw new UsageException($"folder '{folder}': holds no host profile (*.json)");
    }

    private static bool IsAddress(string place) =>
        place.StartsWith("http://", StringComparison.Ordinal) || place.StartsWith("https://", StringComparison.Ordinal);

    private static byte[] ReadFile(string path)
    {
        using var file = File.OpenRead(path);
        if (file.Length > HostProfileJson.MaxBytes)
        {
            throw new UsageException($"host profile '{path}' has {file.Length} bytes, at most {HostProfileJson.MaxBytes} are read");
        }

        byte[] json = new byte[file.Length];
        file.ReadExactly(json);
        return json;
    }

    private static byte[] Fetch(string address)
    {
        using var client = new HttpClient { Timeout = Patience, MaxResponseContentBufferSize = HostProfileJson.MaxBytes };
        try
        {
            return client.GetByteArrayAsync(new Uri(address)).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or UriFormatException)
        {
            throw new UsageException($"host profile '{address}': {Failure.Reword(e.Message)}");
        }
    }
}
