using Provenance.Archive.Content;
using Tomlyn;
using Tomlyn.Model;
using Tomlyn.Parsing;

namespace Provenance.Archive.Upkeep;

/// <summary>What <c>config.toml</c> says. An archive without the file has none of the limits.</summary>
public sealed record ArchiveSettings
{
    private const string Section = "archive";
    private const long MaxFileBytes = 1 << 20;

    /// <summary>Blobs may take so much, in bytes; null for no limit.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>So much must be free on the file system for somebody who is not root, in bytes; null for no limit.</summary>
    public long? MinFreeBytes { get; init; }

    /// <exception cref="ArchiveException">It is not TOML, or has a setting that is not known or has no such value.</exception>
    public static ArchiveSettings Read(StoreLayout layout)
    {
        if (!File.Exists(layout.Config))
        {
            return new ArchiveSettings();
        }

        if (new FileInfo(layout.Config) is { Length: > MaxFileBytes } large)
        {
            throw new ArchiveException($"settings '{layout.Config}': has {large.Length} bytes, at most {MaxFileBytes} expected");
        }

        return Read(Parse(layout.Config), layout.Config);
    }

    private static TomlTable Parse(string path)
    {
        try
        {
            string text = File.ReadAllText(path);
            // The serializer takes the last of two values for one key; this refuses them, as TOML does.
            SyntaxParser.ParseStrict(text, path, validate: true);
            return TomlSerializer.Deserialize(text, SettingsToml.Default.TomlTable) ?? [];
        }
        catch (TomlException e)
        {
            throw new ArchiveException($"settings '{path}': {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}", e);
        }
    }

    private static ArchiveSettings Read(TomlTable document, string path)
    {
        var settings = new ArchiveSettings();
        foreach (var (name, value) in document)
        {
            var table = name == Section && value is TomlTable archive
                ? archive
                : throw new ArchiveException($"settings '{path}': '{name}' is not known, only the table [{Section}] is");
            foreach (var (key, setting) in table)
            {
                long bytes = Bytes(setting) ?? throw new ArchiveException(
                    $"settings '{path}': '{key}' is '{setting}', expected a number of bytes or a text such as \"500 GiB\"");
                settings = key switch
                {
                    "max_bytes" => settings with { MaxBytes = bytes },
                    "min_free_bytes" => settings with { MinFreeBytes = bytes },
                    _ => throw new ArchiveException($"settings '{path}': '{Section}.{key}' is not known"),
                };
            }
        }

        return settings;
    }

    private static long? Bytes(object? setting) => setting switch
    {
        long number and >= 0 => number,
        string text => ByteSize.Parse(text),
        _ => null,
    };
}
