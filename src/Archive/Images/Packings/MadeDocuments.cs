using System.Text.Json;
using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Images.Packings;

/// <summary>Makes the manifest and config that a packing does not have: always the same bytes for the same content.</summary>
/// <remarks>Specified in schema/FORMAT.md. Source of the members: OCI image-spec v1.1.1, manifest.md and config.md.</remarks>
internal static class MadeDocuments
{
    private const string DefaultArchitecture = "amd64";
    private const string Linux = "linux";

    public static byte[] Manifest(Descriptor config, IEnumerable<Descriptor> layers) => Canonical(writer =>
    {
        writer.WriteNumber("schemaVersion", 2);
        writer.WriteString("mediaType", MediaTypes.ImageManifest);
        writer.WritePropertyName("config");
        Write(writer, config);
        writer.WriteStartArray("layers");
        foreach (var layer in layers)
        {
            Write(writer, layer);
        }

        writer.WriteEndArray();
    });

    /// <summary>Images for several machines behind one name.</summary>
    public static byte[] Index(IEnumerable<OciDescriptor> manifests) =>
        Bytes(new OciDocument { SchemaVersion = 2, MediaType = MediaTypes.ImageIndex, Manifests = [.. manifests] });

    /// <summary>The manifest of an artifact that is no image. Its schema version, type and config are the same for all.</summary>
    /// <remarks>Source: OCI image-spec v1.1.1, manifest.md, "Guidelines for Artifact Usage".</remarks>
    public static byte[] Artifact(OciDocument artifact) => Bytes(artifact with
    {
        SchemaVersion = 2,
        MediaType = MediaTypes.ImageManifest,
        Config = OciDescriptor.Of(EmptyObject.Descriptor),
    });

    /// <summary>For a root file system, of which nothing is known but its files.</summary>
    public static byte[] Config(Platform platform, IEnumerable<Digest> diffIds) => Canonical(writer =>
    {
        writer.WriteString("architecture", platform.Architecture);
        writer.WriteString("os", platform.Os);
        if (platform.Variant is not null)
        {
            writer.WriteString("variant", platform.Variant);
        }

        writer.WriteStartObject("config");
        writer.WriteEndObject();
        WriteRootfs(writer, diffIds);
    });

    /// <summary>For an image of a Docker that had no configs yet: what it kept of its top layer.</summary>
    public static byte[] Config(LegacyLayer top, IEnumerable<Digest> diffIds) => Canonical(writer =>
    {
        writer.WriteString("architecture", top.Architecture ?? DefaultArchitecture);
        writer.WriteString("os", top.Os ?? Linux);
        if (top.Created is not null)
        {
            writer.WriteString("created", top.Created);
        }

        if (top.Author is { Length: > 0 })
        {
            writer.WriteString("author", top.Author);
        }

        if (top.Config is { ValueKind: JsonValueKind.Object } config)
        {
            writer.WritePropertyName("config");
            config.WriteTo(writer);
        }

        WriteRootfs(writer, diffIds);
    });

    private static byte[] Bytes(OciDocument document) => CanonicalJson.Canonicalize(
        JsonSerializer.SerializeToUtf8Bytes(document, OciJson.Default.OciDocument), CanonicalProfile.Rfc8785);

    private static void WriteRootfs(Utf8JsonWriter writer, IEnumerable<Digest> diffIds)
    {
        writer.WriteStartObject("rootfs");
        writer.WriteString("type", "layers");
        writer.WriteStartArray("diff_ids");
        foreach (var diffId in diffIds)
        {
            writer.WriteStringValue(diffId.ToString());
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Descriptor descriptor)
    {
        writer.WriteStartObject();
        writer.WriteString("mediaType", descriptor.MediaType);
        writer.WriteString("digest", descriptor.Digest.ToString());
        writer.WriteNumber("size", descriptor.Size);
        writer.WriteEndObject();
    }

    private static byte[] Canonical(Action<Utf8JsonWriter> members)
    {
        var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        // A config of others' making may hold nulls and fractions.
        return CanonicalJson.Canonicalize(bytes.ToArray(), CanonicalProfile.Rfc8785);
    }
}
