using Provenance.Archive.Content;

namespace Provenance.Archive.Transparency;

/// <summary>Where a log is: a folder of tiles, an archive with one in it, or the address that tiles are served below.</summary>
public static class LogPlace
{
    /// <summary>For both kinds.</summary>
    /// <param name="place">A folder, or an address that begins with <c>http://</c> or <c>https://</c>.</param>
    /// <exception cref="LogException">It is no address.</exception>
    public static ILogFiles Open(string place) =>
        IsAddress(place) ? new LogWebsite(place) : new TileFiles(FolderOf(place), static _ => { });

    /// <summary>The one name of a place, by which its state is kept.</summary>
    public static string NameOf(string place) => IsAddress(place) ? place.TrimEnd('/') : FolderOf(place);

    /// <summary>Whether it is served, and no folder.</summary>
    public static bool IsAddress(string place) =>
        place.StartsWith("http://", StringComparison.Ordinal) || place.StartsWith("https://", StringComparison.Ordinal);

    private static string FolderOf(string place)
    {
        string inArchive = new StoreLayout(place).Log;
        return Path.GetFullPath(File.Exists(Path.Combine(place, "checkpoint")) || !Directory.Exists(inArchive) ? place : inArchive);
    }
}
