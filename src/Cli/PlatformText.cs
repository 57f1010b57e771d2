using Provenance.Archive.Images;

namespace Provenance.Cli;

/// <summary>Several platforms in few words: <c>linux/amd64/v2, v3, linux/arm64</c>.</summary>
internal static class PlatformText
{
    public static string Of(NamedIndex index) => Of(index.Variants.Select(variant => variant.Platform));

    public static string Of(IEnumerable<Platform> platforms)
    {
        var words = new List<string>();
        string? last = null;
        foreach (var platform in platforms)
        {
            words.Add(platform.Architecture == last && platform.Variant is { } variant ? variant : platform.ToString());
            last = platform.Architecture;
        }

        return string.Join(", ", words);
    }
}
