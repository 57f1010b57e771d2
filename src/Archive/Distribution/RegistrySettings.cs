using System.Collections.Frozen;

namespace Provenance.Archive.Distribution;

/// <summary>Where images are looked for before the registry that is named: table <c>[registry]</c> of config.toml.</summary>
public sealed record RegistrySettings
{
    /// <summary>Of a registry by its name: addresses of mirrors, http or https, in the order in which they are tried.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Uri>> Mirrors { get; init; } = FrozenDictionary<string, IReadOnlyList<Uri>>.Empty;
}
