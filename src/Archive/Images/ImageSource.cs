using Provenance.Archive.Content;

namespace Provenance.Archive.Images;

/// <summary>Where an image is read from: a reference as the user types it.</summary>
public sealed record ImageSource
{
    /// <summary>What the user says it is; null when its content has to tell.</summary>
    public ImagePacking? Packing { get; init; }

    /// <summary>A file or folder; <c>-</c> is the standard input.</summary>
    public required string Path { get; init; }

    /// <summary>Which of several images in it; null when there is one.</summary>
    public string? Reference { get; init; }

    /// <summary>The manifest or index that it is in a registry; null for a file or folder.</summary>
    public Digest? Pulled { get; init; }

    /// <summary>
    /// Takes <c>docker-archive:FILE[:TAG]</c>, <c>oci:FOLDER[:TAG]</c>, <c>oci-archive:FILE[:TAG]</c>, <c>tar:FILE</c>, <c>dir:FOLDER</c>,
    /// a plain path, or <c>-</c>.
    /// </summary>
    /// <exception cref="ImageException">It names a transport that is not one of these.</exception>
    public static ImageSource Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || text[..colon].Contains('/', StringComparison.Ordinal))
        {
            return new ImageSource { Path = text };
        }

        string rest = text[(colon + 1)..];
        return text[..colon] switch
        {
            "docker-archive" => WithReference(ImagePacking.DockerArchive, rest),
            "oci" => WithReference(ImagePacking.OciLayout, rest),
            "oci-archive" => WithReference(ImagePacking.OciArchive, rest),
            "tar" => new ImageSource { Packing = ImagePacking.RootfsTar, Path = NotEmpty(text, rest) },
            "dir" => new ImageSource { Packing = ImagePacking.Folder, Path = NotEmpty(text, rest) },
            "docker" => throw new ImageException($"image '{text}': is in a registry, and has to be pulled first"),
            _ => new ImageSource { Path = text },
        };
    }

    public override string ToString() => Reference is null ? Path : $"{Path}:{Reference}";

    /// <summary>The path ends at the first colon, as in skopeo: a path with a colon in it is given without a transport.</summary>
    private static ImageSource WithReference(ImagePacking packing, string rest)
    {
        int colon = rest.IndexOf(':', StringComparison.Ordinal);
        return new ImageSource
        {
            Packing = packing,
            Path = NotEmpty(rest, colon < 0 ? rest : rest[..colon]),
            Reference = colon < 0 || colon == rest.Length - 1 ? null : rest[(colon + 1)..],
        };
    }

    private static string NotEmpty(string reference, string path) =>
        path.Length > 0 ? path : throw new ImageException($"image '{reference}': names no file");
}
