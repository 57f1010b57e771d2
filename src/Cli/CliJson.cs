using System.Text.Json.Serialization;

namespace Provenance.Cli;

/// <summary>The JSON that commands print and that is no record: records print their own bytes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    WriteIndented = true)]
[JsonSerializable(typeof(ImageSummary[]))]
internal sealed partial class CliJson : JsonSerializerContext;
