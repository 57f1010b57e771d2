using Provenance.Archive.Content;
using Provenance.Archive.Images;

namespace Provenance.Archive.Records;

/// <summary>Where an image was imported from, as it was asked for.</summary>
public sealed record ImageOrigin
{
    // What stands in a foreign archive goes into a signed record only as far as it can be a name there.
    private const int MaxNames = 100;
    private const int MaxNameLength = 255;

    /// <summary>
    /// With its transport: <c>docker-archive:FILE[:TAG]</c>, <c>oci:FOLDER[:TAG]</c>, <c>oci-archive:FILE[:TAG]</c>, <c>tar:FILE</c>, <c>dir:FOLDER</c>,
    /// <c>docker://REGISTRY/REPOSITORY[:TAG][@DIGEST]</c>; of a file or folder its own name, without the folders above it; <c>-</c> is the standard input.
    /// </summary>
    public required string Reference { get; init; }

    /// <summary>Of a registry: the manifest or index that the reference meant at that time.</summary>
    public Digest? Digest { get; init; }

    /// <summary>
    /// The names it had there, as <c>docker save</c> and OCI layouts keep them: those in printable ASCII of at most 255 characters, the first 100.
    /// </summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <param name="source">What was asked for.</param>
    /// <param name="packing">What it was found to be.</param>
    /// <param name="names">As they stand there.</param>
    internal static ImageOrigin Of(ImageSource source, string packing, IEnumerable<string> names) => new()
    {
        Reference = source.Pulled is null
            ? $"{packing}:{source with { Path = NameOf(source.Path) }}"
            : $"docker://{source}",
        Digest = source.Pulled,
        Names = [.. names.Where(IsPrintable).Take(MaxNames)],
    };

    /// <summary>The folders above tell whose home it is and how a machine is laid out, and nothing about the image.</summary>
    private static string NameOf(string path)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        return name.Length > 0 ? name : path;
    }

    private static bool IsPrintable(string name) => name.Length is > 0 and <= MaxNameLength && !name.AsSpan().ContainsAnyExceptInRange('!', '~');
}
