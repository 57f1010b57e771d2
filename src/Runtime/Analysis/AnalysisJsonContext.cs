using System.Text.Json.Serialization;

namespace Provenance.Runtime.Analysis;

/// <summary>What the analysis keeps in the cache, generated at compile time.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(CodeFacts))]
[JsonSerializable(typeof(CodeUse[]))]
internal sealed partial class AnalysisJsonContext : JsonSerializerContext;
