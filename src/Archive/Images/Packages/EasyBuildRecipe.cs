using System.Text;
using System.Text.RegularExpressions;
using Provenance.Archive.Records;

namespace Provenance.Archive.Images.Packages;

/// <summary>Reads the recipe that EasyBuild leaves beside what it built. It is Python, and never run: what is no literal is not known.</summary>
/// <remarks>Source: EasyBuild, "Writing easyconfig files".</remarks>
internal static partial class EasyBuildRecipe
{
    public static IEnumerable<ImagePackage> Read(ReadOnlyMemory<byte> recipe)
    {
        string text = Encoding.UTF8.GetString(recipe.Span);
        if (Literal(NamePattern(), text) is { } name && Literal(VersionPattern(), text) is { } version)
        {
            var toolchain = ToolchainPattern().Match(text);
            string suffix = Literal(SuffixPattern(), text) ?? "";
            string build = toolchain.Success ? $"{toolchain.Groups["name"].Value}-{toolchain.Groups["version"].Value}{suffix}" : suffix.TrimStart('-');
            yield return new ImagePackage { Manager = "easybuild", Name = name, Version = version, Build = build.Length > 0 ? build : null };
        }
    }

    private static string? Literal(Regex pattern, string text) => pattern.Match(text) is { Success: true } found ? found.Groups["value"].Value : null;

    [GeneratedRegex("""^name[ \t]*=[ \t]*['"](?<value>[^'"\r\n%]+)['"][ \t]*(?=[#\r\n]|\z)""", RegexOptions.Multiline)]
    private static partial Regex NamePattern();

    [GeneratedRegex("""^version[ \t]*=[ \t]*['"](?<value>[^'"\r\n%]+)['"][ \t]*(?=[#\r\n]|\z)""", RegexOptions.Multiline)]
    private static partial Regex VersionPattern();

    [GeneratedRegex("""^versionsuffix[ \t]*=[ \t]*['"](?<value>[^'"\r\n%]+)['"][ \t]*(?=[#\r\n]|\z)""", RegexOptions.Multiline)]
    private static partial Regex SuffixPattern();

    [GeneratedRegex(
        """^toolchain[ \t]*=[ \t]*\{\s*['"]name['"]\s*:\s*['"](?<name>[^'"\r\n]+)['"]\s*,\s*['"]version['"]\s*:\s*['"](?<version>[^'"\r\n]+)['"]""",
        RegexOptions.Multiline)]
    private static partial Regex ToolchainPattern();
}
