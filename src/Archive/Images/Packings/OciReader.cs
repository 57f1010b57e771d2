using System.Text;
using System.Text.Json;

namespace Provenance.Archive.Images.Packings;

/// <summary>Reads indexes, manifests and configs of foreign images: what we do not know is passed over, what is ambiguous is refused.</summary>
/// <remarks>
/// Not by <see cref="OciJson"/>: every <c>prov run</c> reads three of them, and setting up the serializer's type information for them took a
/// fifth of the time from start to the job.
/// </remarks>
internal static class OciReader
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <param name="json">May begin with a byte order mark.</param>
    /// <param name="what">For the message: <c>manifest 'sha256:…'</c>.</param>
    /// <exception cref="ImageException">It is not JSON, or has another shape.</exception>
    public static OciDocument ReadDocument(ReadOnlySpan<byte> json, string what) => Read(json, what, root => new OciDocument
    {
        SchemaVersion = (int?)root.Number("schemaVersion", int.MaxValue),
        MediaType = root.Text("mediaType"),
        ArtifactType = root.Text("artifactType"),
        Config = root.Object("config") is { } config ? ToDescriptor(config) : null,
        Layers = root.List("layers", ToDescriptor),
        Manifests = root.List("manifests", ToDescriptor),
        FsLayers = root.List("fsLayers", layer => layer.Element),
        Subject = root.Object("subject") is { } subject ? ToDescriptor(subject) : null,
        Annotations = root.Texts("annotations"),
    });

    /// <inheritdoc cref="ReadDocument"/>
    public static OciConfig ReadConfig(ReadOnlySpan<byte> json, string what) => Read(json, what, root => new OciConfig
    {
        Architecture = root.Text("architecture"),
        Os = root.Text("os"),
        Variant = root.Text("variant"),
        Config = root.Object("config") is { } execution ? ToExecution(execution) : null,
        Rootfs = root.Object("rootfs") is { } rootfs ? new OciRootfs { Type = rootfs.Text("type"), DiffIds = rootfs.TextList("diff_ids") } : null,
    });

    private static OciDescriptor ToDescriptor(OciNode node) => new()
    {
        MediaType = node.Text("mediaType"),
        Digest = node.Text("digest"),
        Size = node.Number("size", long.MaxValue),
        Platform = node.Object("platform") is { } platform ? ToPlatform(platform) : null,
        ArtifactType = node.Text("artifactType"),
        Annotations = node.Texts("annotations"),
    };

    private static OciPlatform ToPlatform(OciNode node) => new()
    {
        Os = node.Text("os"),
        Architecture = node.Text("architecture"),
        Variant = node.Text("variant"),
    };

    // Its names begin with capitals: they are Docker's.
    private static OciExecution ToExecution(OciNode node) => new()
    {
        Env = node.TextList("Env"),
        Entrypoint = node.TextOrList("Entrypoint"),
        Cmd = node.TextOrList("Cmd"),
        WorkingDir = node.Text("WorkingDir"),
        User = node.Text("User"),
        Labels = node.Texts("Labels"),
        ExposedPorts = node.Members("ExposedPorts"),
        Volumes = node.Members("Volumes"),
        StopSignal = node.Text("StopSignal"),
    };

    private static T Read<T>(ReadOnlySpan<byte> json, string what, Func<OciNode, T> read)
    {
        var text = json.StartsWith(Encoding.UTF8.Preamble) ? json[Encoding.UTF8.Preamble.Length..] : json;
        try
        {
            // A JsonDocument rents from the shared pool, whose set-up measures the processor for a quarter of a millisecond.
            var root = JsonElement.Parse(text, Strict);
            return root.ValueKind == JsonValueKind.Null
                ? throw new ImageException($"{what}: is null")
                : read(OciNode.Root(root));
        }
        catch (JsonException e)
        {
            string where = e.Path is null ? "" : $" at '{e.Path}'";
            throw new ImageException($"{what}: is no JSON of the expected form{where}", e);
        }
        catch (InvalidOperationException e)
        {
            // The reader looks at the bytes of a text only when it is asked for; names of members are asked for by the platform's own code.
            throw new ImageException($"{what}: has a text that is not UTF-8", e);
        }
    }
}
