using System.Diagnostics.CodeAnalysis;
using Provenance.Archive.Content;

namespace Provenance.Archive.Exchange;

/// <summary>Every type, tag and annotation of a bundle in a registry. Specified in schema/FORMAT.d/bundle.md.</summary>
public static class BundleArtifactNames
{
    /// <summary>The type of the artifact.</summary>
    public const string ArtifactType = "application/vnd.prov.bundle.v1+json";

    /// <summary>Of the layer that is <c>BUNDLE.json</c>; all others are octets.</summary>
    public const string ManifestLayer = "application/vnd.prov.bundle.manifest.v1+json";

    /// <summary>The path of a layer's file, as oras has it. Source: OCI image-spec v1.1.1, annotations.md.</summary>
    public const string Title = "org.opencontainers.image.title";

    /// <summary>The records asked for, as they stand in <c>BUNDLE.json</c>, with a space between two.</summary>
    public const string Roots = "org.prov.roots";

    /// <summary>Who may see it: <see cref="Private"/>, or absent for everybody.</summary>
    public const string Visibility = "org.prov.visibility";

    /// <summary>The one value of <see cref="Visibility"/>.</summary>
    public const string Private = "private";

    /// <summary>The first day on which everybody may see it: a full-date of RFC 3339, in UTC.</summary>
    public const string EmbargoUntil = "org.prov.embargo-until";

    /// <summary>The repository where nobody names one.</summary>
    public const string Repository = "prov";

    /// <summary>What registries are made to take. Source: OCI distribution-spec v1.1.1, "Pushing Manifests".</summary>
    public const int MaxManifestBytes = 4 << 20;

    /// <summary>What the tag of a bundle begins with.</summary>
    public const string TagPrefix = "run-";

    /// <summary>The tag of the bundle that was asked for by this record.</summary>
    public static string Tag(Digest root) => TagPrefix + root.Hex;

    /// <summary>A tag that was made by <see cref="Tag"/>.</summary>
    public static bool TryParseTag(string tag, [NotNullWhen(true)] out Digest? root)
    {
        root = null;
        return tag.StartsWith(TagPrefix, StringComparison.Ordinal) && Digest.TryParseHex(tag[TagPrefix.Length..], out root);
    }
}
