using System.Text.RegularExpressions;
using Provenance.Archive.Content;
using Provenance.Archive.Distribution;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Tomlyn.Model;

namespace Provenance.Archive.Upkeep;

/// <summary>What <c>config.toml</c> says. An archive without the file has none of the limits.</summary>
public sealed partial record ArchiveSettings
{
    private const int MaxTimeoutSeconds = 300;

    /// <summary>With the log's own and some that were there before, as many as a note may have signatures.</summary>
    private const int MaxWitnesses = 16;

    /// <summary>Each is waited for before the next is asked.</summary>
    private const int MaxMirrors = 8;

    /// <summary>Blobs may take so much, in bytes; null for no limit.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>So much must be free on the file system for somebody who is not root, in bytes; null for no limit.</summary>
    public long? MinFreeBytes { get; init; }

    /// <summary>Who is asked for the time.</summary>
    public TimestampSettings Time { get; init; } = new();

    /// <summary>Who is asked to cosign the log.</summary>
    public WitnessSettings Log { get; init; } = new();

    /// <summary>Where images are looked for first.</summary>
    public RegistrySettings Registry { get; init; } = new();

    /// <exception cref="ArchiveException">It is not TOML, or has a setting that is not known or has no such value.</exception>
    public static ArchiveSettings Read(StoreLayout layout)
    {
        if (!File.Exists(layout.Config))
        {
            return new ArchiveSettings();
        }

        return Read(SettingsFile.Read(layout.Config), layout.Config);
    }

    private static ArchiveSettings Read(TomlTable document, string path)
    {
        var settings = new ArchiveSettings();
        foreach (var (name, value) in document)
        {
            foreach (var (key, setting) in value as TomlTable ?? throw NotKnown(path, name))
            {
                settings = name switch
                {
                    "archive" => WithLimit(settings, key, setting, path),
                    "time" => settings with { Time = WithTime(settings.Time, key, setting, path) },
                    "log" => settings with { Log = WithWitness(settings.Log, key, setting, path) },
                    "registry" => settings with { Registry = WithMirrors(settings.Registry, key, setting, path) },
                    _ => throw NotKnown(path, name),
                };
            }
        }

        return settings;
    }

    private static ArchiveSettings WithLimit(ArchiveSettings settings, string key, object? setting, string path)
    {
        return key switch
        {
            "max_bytes" => settings with { MaxBytes = Limit() },
            "min_free_bytes" => settings with { MinFreeBytes = Limit() },
            _ => throw NotKnown(path, $"archive.{key}"),
        };

        long Limit() => Bytes(setting) ?? throw new ArchiveException(
            $"settings '{path}': '{key}' is '{setting}', expected a number of bytes or a text such as \"500 GiB\"");
    }

    private static TimestampSettings WithTime(TimestampSettings settings, string key, object? setting, string path) => (key, setting) switch
    {
        ("tsa", string address) => settings with { Authorities = [Address(address, "time.tsa", path)] },
        ("tsa", TomlArray addresses) => settings with { Authorities = [.. addresses.Select(one => Address(one as string, "time.tsa", path))] },
        ("policy", string policy) when IsObjectIdentifier(policy) => settings with { Policy = policy },
        ("timeout_seconds", long seconds and >= 1 and <= MaxTimeoutSeconds) => settings with { Timeout = TimeSpan.FromSeconds(seconds) },
        ("tsa", _) => throw new ArchiveException($"settings '{path}': 'time.tsa' is no address and no list of addresses"),
        ("policy", _) => throw new ArchiveException($"settings '{path}': 'time.policy' is '{setting}', expected an object identifier such as \"1.2.3.4\""),
        ("timeout_seconds", _) => throw new ArchiveException(
            $"settings '{path}': 'time.timeout_seconds' is '{setting}', expected 1 to {MaxTimeoutSeconds}"),
        _ => throw NotKnown(path, $"time.{key}"),
    };

    private static WitnessSettings WithWitness(WitnessSettings settings, string key, object? setting, string path) => (key, setting) switch
    {
        ("witness", string address) => settings with { Witnesses = [Address(address, "log.witness", path)] },
        ("witness", TomlArray { Count: <= MaxWitnesses } addresses) =>
            settings with { Witnesses = [.. addresses.Select(one => Address(one as string, "log.witness", path))] },
        ("cosignatures", long required and >= 0 and <= MaxWitnesses) => settings with { Required = (int)required },
        ("timeout_seconds", long seconds and >= 1 and <= MaxTimeoutSeconds) => settings with { Timeout = TimeSpan.FromSeconds(seconds) },
        ("witness", _) => throw new ArchiveException($"settings '{path}': 'log.witness' is no address and no list of at most {MaxWitnesses} addresses"),
        ("cosignatures", _) => throw new ArchiveException($"settings '{path}': 'log.cosignatures' is '{setting}', expected 0 to {MaxWitnesses}"),
        ("timeout_seconds", _) => throw new ArchiveException(
            $"settings '{path}': 'log.timeout_seconds' is '{setting}', expected 1 to {MaxTimeoutSeconds}"),
        _ => throw NotKnown(path, $"log.{key}"),
    };

    private static RegistrySettings WithMirrors(RegistrySettings settings, string key, object? setting, string path)
    {
        if (key != "mirrors")
        {
            throw NotKnown(path, $"registry.{key}");
        }

        var mirrors = new Dictionary<string, IReadOnlyList<Uri>>(StringComparer.Ordinal);
        foreach (var (host, addresses) in setting as TomlTable ?? throw new ArchiveException($"settings '{path}': 'registry.mirrors' is no table"))
        {
            string name = RegistryHost.Find(host, null)?.Name
                ?? throw new ArchiveException($"settings '{path}': 'registry.mirrors' has '{host}', which is no registry");
            mirrors[name] = addresses switch
            {
                string address => [Address(address, "registry.mirrors", path)],
                TomlArray { Count: <= MaxMirrors } several => [.. several.Select(one => Address(one as string, "registry.mirrors", path))],
                _ => throw new ArchiveException(
                    $"settings '{path}': 'registry.mirrors' of '{host}' is no address and no list of at most {MaxMirrors} addresses"),
            };
        }

        return settings with { Mirrors = mirrors };
    }

    private static Uri Address(string? text, string setting, string path) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new ArchiveException($"settings '{path}': '{setting}' has '{text}', expected an address that begins with http:// or https://");

    private static bool IsObjectIdentifier(string text) => ObjectIdentifier().IsMatch(text);

    private static ArchiveException NotKnown(string path, string name) =>
        new($"settings '{path}': '{name}' is not known; there are the tables [archive], [time], [log] and [registry]");

    private static long? Bytes(object? setting) => setting switch
    {
        long number and >= 0 => number,
        string text => ByteSize.Parse(text),
        _ => null,
    };

    [GeneratedRegex(@"\A[0-2](\.(0|[1-9][0-9]{0,8})){1,20}\z", RegexOptions.ExplicitCapture)]
    private static partial Regex ObjectIdentifier();
}
