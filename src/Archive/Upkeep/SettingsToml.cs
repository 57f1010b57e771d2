using Tomlyn.Model;
using Tomlyn.Serialization;

namespace Provenance.Archive.Upkeep;

/// <summary>How config.toml is read, generated at compile time: as a table, so that an unknown setting is told by its name.</summary>
[TomlSerializable(typeof(TomlTable))]
internal sealed partial class SettingsToml : TomlSerializerContext;
