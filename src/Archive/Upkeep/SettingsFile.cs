using Tomlyn;
using Tomlyn.Model;
using Tomlyn.Parsing;

namespace Provenance.Archive.Upkeep;

/// <summary>A file of settings in TOML, as a table, so that an unknown setting is told by its name.</summary>
internal static class SettingsFile
{
    private const long MaxBytes = 1 << 20;

    /// <exception cref="ArchiveException">It is too long, or no TOML.</exception>
    public static TomlTable Read(string path)
    {
        if (new FileInfo(path) is { Length: > MaxBytes } large)
        {
            throw new ArchiveException($"settings '{path}': has {large.Length} bytes, at most {MaxBytes} expected");
        }

        try
        {
            string text = File.ReadAllText(path);
            // The serializer takes the last of two values for one key; this refuses them, as TOML does.
            SyntaxParser.ParseStrict(text, path, validate: true);
            return TomlSerializer.Deserialize(text, SettingsToml.Default.TomlTable) ?? [];
        }
        catch (Exception e) when (e is TomlException or ArgumentException)
        {
            // The second: Tomlyn does not look whether an escape such as \U00110000 names a character.
            throw new ArchiveException($"settings '{path}': {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}", e);
        }
    }
}
