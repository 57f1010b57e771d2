using System.Text.Json.Serialization;

namespace Provenance.Runtime.Recording;

/// <summary>The messages between the job's process and its recorder, generated at compile time.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(RecorderPlan))]
[JsonSerializable(typeof(RecorderOutcome))]
internal sealed partial class RecordingJsonContext : JsonSerializerContext;
