using System.Text.Json;
using Provenance.Archive.Records;

namespace Provenance.Archive.Images.Packages;

/// <summary>Reads what Spack keeps of its packages: the index of an installation tree, and the specification beside each package.</summary>
/// <remarks>Source: Spack, lib/spack/spack/database.py (versions 5 to 8) and spec.py (Spec.to_dict, to_node_dict).</remarks>
internal static class SpackDatabase
{
    /// <summary>Those of <c>.spack-db/index.json</c> that are installed, but for what was found on the host the image was made on.</summary>
    public static IEnumerable<ImagePackage> ReadIndex(ReadOnlyMemory<byte> json)
    {
        using var document = Parse(json);
        if (!TryMember(document.RootElement, "database", out var database) || !TryMember(database, "installs", out var installs)
            || installs.ValueKind != JsonValueKind.Object)
        {
            throw new ImageException("has no database of installs");
        }

        foreach (var install in installs.EnumerateObject())
        {
            bool isInstalled = TryMember(install.Value, "installed", out var installed) && installed.ValueKind == JsonValueKind.True;
            if (isInstalled && TryMember(install.Value, "spec", out var spec) && Package(spec, NameOf(install)) is { } package)
            {
                yield return package;
            }
        }
    }

    /// <summary>The one that <c>.spack/spec.json</c> stands beside: the first of its nodes.</summary>
    public static IEnumerable<ImagePackage> ReadSpec(ReadOnlyMemory<byte> json)
    {
        using var document = Parse(json);
        if (!TryMember(document.RootElement, "spec", out var spec))
        {
            throw new ImageException("has no spec");
        }

        var nodes = TryMember(spec, "nodes", out var listed) ? listed : spec;
        if (nodes.ValueKind != JsonValueKind.Array || nodes.GetArrayLength() == 0)
        {
            throw new ImageException("has no nodes");
        }

        if (Package(nodes[0], null) is { } package)
        {
            yield return package;
        }
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 64 });
        }
        catch (JsonException e)
        {
            throw new ImageException("is no JSON", e);
        }
    }

    /// <param name="node">Of a package, with its name in it, or as the one member of an object, as until version 0.17.</param>
    /// <param name="hash">Where the node does not say it.</param>
    private static ImagePackage? Package(JsonElement node, string? hash)
    {
        if (node.ValueKind != JsonValueKind.Object)
        {
            throw new ImageException("has a package that is no object");
        }

        string? name = Text(node, "name");
        if (name is null && node.EnumerateObject().FirstOrDefault() is { Value.ValueKind: JsonValueKind.Object } only)
        {
            (name, node) = (NameOf(only), only.Value);
        }

        bool isOfHost = TryMember(node, "external", out var external) && external.ValueKind == JsonValueKind.Object;
        return isOfHost || name is null || Text(node, "version") is not { } version ? null : new ImagePackage
        {
            Manager = "spack",
            Name = name,
            Version = version,
            Architecture = TryMember(node, "arch", out var arch) ? Architecture(arch) : null,
            Build = Text(node, "hash") ?? Text(node, "full_hash") ?? hash,
        };
    }

    /// <summary>As Spack prints it: <c>linux-debian12-zen3</c>.</summary>
    private static string? Architecture(JsonElement arch)
    {
        string? target = Text(arch, "target") ?? (TryMember(arch, "target", out var described) ? Text(described, "name") : null);
        return Text(arch, "platform") is { } platform && Text(arch, "platform_os") is { } system && target is not null
            ? $"{platform}-{system}-{target}"
            : null;
    }

    private static bool TryMember(JsonElement element, string name, out JsonElement member)
    {
        member = default;
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out member);
    }

    private static string? Text(JsonElement element, string name)
    {
        try
        {
            return TryMember(element, name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
        }
        catch (InvalidOperationException e)
        {
            throw new ImageException("has a text that is no Unicode", e);
        }
    }

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException e)
        {
            throw new ImageException("has a name that is no Unicode", e);
        }
    }
}
