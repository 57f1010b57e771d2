using System.Text.Json;
using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Exchange;

/// <summary>A run told as a build: an in-toto statement whose predicate is SLSA provenance. Derived from the record; nobody has signed it.</summary>
/// <remarks>
/// Sources: SLSA v1.0, provenance.md; in-toto attestation framework v1. What the job saw and did in full stands in the record alone,
/// which it names. No level of SLSA is claimed: the builder is whoever signed, on a machine of theirs.
/// </remarks>
internal static class SlsaProvenance
{
    public const string PredicateType = "https://slsa.dev/provenance/v1";

    /// <summary>What <c>externalParameters</c> and <c>internalParameters</c> mean: FORMAT.d/web.md, "Forms of a run".</summary>
    private const string BuildType = "urn:x-prov:build/run/v1";

    public static byte[] Of(PackedRecord record, RunRecord run, BlobStore blobs)
    {
        var files = RunFiles.Of(run, blobs);
        return PrettyJson.Of(json =>
        {
            json.WriteString("_type", StatementTypes.StatementV1);
            json.WriteStartArray("subject");
            WriteSubjects(json, record, files);
            json.WriteEndArray();
            json.WriteString("predicateType", PredicateType);
            json.WriteStartObject("predicate");
            json.WriteStartObject("buildDefinition");
            json.WriteString("buildType", BuildType);
            WriteParameters(json, run);
            WriteDependencies(json, run, files);
            json.WriteEndObject();
            WriteDetails(json, record, run);
            json.WriteEndObject();
        });
    }

    /// <summary>The files that the run made. A statement must be about something: of a run that made none it is about the run's record.</summary>
    private static void WriteSubjects(Utf8JsonWriter json, PackedRecord record, RunFiles files)
    {
        foreach (var file in files.Generated)
        {
            WriteResource(json, "name", file.Path, file.Content, null);
        }

        if (files.Generated.Count == 0)
        {
            WriteResource(json, "name", "record.json", record.Signed.Record, null);
        }
    }

    private static void WriteParameters(Utf8JsonWriter json, RunRecord run)
    {
        json.WriteStartObject("externalParameters");
        json.WriteStartArray("argv");
        foreach (string argument in run.Invocation.Argv)
        {
            json.WriteStringValue(argument);
        }

        json.WriteEndArray();
        json.WriteString("workingDirectory", run.Invocation.WorkingDirectory);
        json.WriteString("image", run.Image.Reference);
        json.WriteStartObject("environment");
        // A secret is in the record as a digest, and is not told of here.
        foreach (var variable in run.Environment.Where(variable => variable.Value is not null).DistinctBy(variable => variable.Name))
        {
            json.WriteString(variable.Name, variable.Value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("internalParameters");
        json.WriteString("network", run.Invocation.Network);
        json.WriteString("affinity", run.Invocation.Affinity);
        json.WriteString("root", run.Sandbox.Root);
        json.WriteEndObject();
    }

    private static void WriteDependencies(Utf8JsonWriter json, RunRecord run, RunFiles files)
    {
        json.WriteStartArray("resolvedDependencies");
        WriteResource(json, "uri", $"urn:x-prov:image:{run.Image.Manifest.Hex}", run.Image.Manifest, MediaTypes.ImageManifest);
        foreach (var file in files.Used)
        {
            WriteResource(json, "name", file.Path, file.Content, null);
        }

        json.WriteEndArray();
    }

    private static void WriteDetails(Utf8JsonWriter json, PackedRecord record, RunRecord run)
    {
        json.WriteStartObject("runDetails");
        json.WriteStartObject("builder");
        json.WriteString("id", $"urn:x-prov:certificate:{record.Signer.Certificate.Hex}");
        json.WriteStartObject("version");
        json.WriteString(run.Recorder.Name, run.Recorder.Version);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("metadata");
        json.WriteString("invocationId", $"urn:x-prov:run:{record.Signed.Record.Hex}");
        json.WriteString("startedOn", PrettyJson.Time(run.Outcome.StartedAt));
        json.WriteString("finishedOn", PrettyJson.Time(run.Outcome.EndedAt));
        json.WriteEndObject();
        json.WriteStartArray("byproducts");
        WriteResource(json, "name", "record.json", record.Signed.Record, MediaTypes.Statement);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteResource(Utf8JsonWriter json, string naming, string name, Digest digest, string? mediaType)
    {
        json.WriteStartObject();
        json.WriteString(naming, name);
        json.WriteStartObject("digest");
        json.WriteString("sha256", digest.Hex);
        json.WriteEndObject();
        if (mediaType is not null)
        {
            json.WriteString("mediaType", mediaType);
        }

        json.WriteEndObject();
    }
}
