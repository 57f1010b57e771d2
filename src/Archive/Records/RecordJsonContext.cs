using System.Text.Json.Serialization;
using Provenance.Archive.Images;

namespace Provenance.Archive.Records;

/// <summary>How records are read and written as JSON, generated at compile time. Our own formats refuse what they do not know.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true,
    MaxDepth = CanonicalJson.MaxDepth,
    GenerationMode = JsonSourceGenerationMode.Metadata,
    Converters = [typeof(TimeJsonConverter)])]
[JsonSerializable(typeof(Statement<ImageRecord>))]
[JsonSerializable(typeof(Statement<RunRecord>))]
[JsonSerializable(typeof(Statement<ReplayRecord>))]
[JsonSerializable(typeof(Statement<EndorsementRecord>))]
[JsonSerializable(typeof(Statement<CitationRecord>))]
[JsonSerializable(typeof(Statement<RotationRecord>))]
[JsonSerializable(typeof(Statement<RevocationRecord>))]
[JsonSerializable(typeof(Statement<TombstoneRecord>))]
[JsonSerializable(typeof(HostProfile))]
[JsonSerializable(typeof(Requirements))]
[JsonSerializable(typeof(TreeEntry))]
[JsonSerializable(typeof(UsedFile))]
[JsonSerializable(typeof(GeneratedFile))]
[JsonSerializable(typeof(SoughtPath))]
[JsonSerializable(typeof(ExecutedProgram))]
[JsonSerializable(typeof(OwningPackage))]
[JsonSerializable(typeof(ImagePackage))]
[JsonSerializable(typeof(Transparency.LogLeaf))]
[JsonSerializable(typeof(Upkeep.DroppedBlob))]
[JsonSerializable(typeof(Exchange.BundleManifest))]
internal sealed partial class RecordJsonContext : JsonSerializerContext;
