namespace Provenance.Web.Pages;

/// <summary>Text as pages show it.</summary>
internal static class PageText
{
    private const int CommandWidth = 80;

    public static string Shorten(string text, int width = CommandWidth) => text.Length <= width ? text : text[..(width - 1)] + "…";

    /// <summary>RFC 3339, for machines.</summary>
    public static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");

    /// <summary>What follows the last slash.</summary>
    public static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];
}
