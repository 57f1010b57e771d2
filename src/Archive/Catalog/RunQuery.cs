using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

/// <summary>Which runs are asked for. Every condition that is given must hold; the newest come first.</summary>
public sealed record RunQuery
{
    /// <summary>At most this many runs.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Where the list goes on: behind this run. Null for the newest.</summary>
    public RunPlace? After { get; init; }

    /// <summary>Started at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Started before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The image's manifest, tree or record.</summary>
    public Digest? Image { get; init; }

    /// <summary>The image as the user named it, such as <c>debian-sci</c>.</summary>
    public string? ImageReference { get; init; }

    /// <summary>A package that the image has, as its manager writes it: <c>libopenblas0</c>.</summary>
    public string? Package { get; init; }

    /// <summary>Its version, as far as it is known, up to one of the signs <c>-+.~_:</c>; null for any.</summary>
    public string? PackageVersion { get; init; }

    /// <summary>Of the images that have the package: <see cref="RecordFinder"/> finds them.</summary>
    internal IReadOnlyList<Digest>? Manifests { get; init; }

    /// <summary>A feature that the host had, as /proc/cpuinfo names it: <c>avx512f</c>.</summary>
    public string? CpuFeature { get; init; }

    /// <summary>SONAME, host path or file name of a host file that was put into the container: <c>libcuda.so.1</c>.</summary>
    public string? Injected { get; init; }

    /// <summary>Name of a label; with <see cref="LabelValue"/> also its value.</summary>
    public string? LabelName { get; init; }

    public string? LabelValue { get; init; }

    /// <summary>Three letters or more that stand in the command line, the image's name or the working folder.</summary>
    public string? Text { get; init; }

    /// <summary>The host's name.</summary>
    public string? Host { get; init; }

    /// <summary>An address the job contacted, or a host name it asked for: <c>192.0.2.7</c>, <c>data.example</c>.</summary>
    public string? Peer { get; init; }

    /// <summary>A program the job started: its absolute path in the container, or its file name.</summary>
    public string? Program { get; init; }

    /// <summary>Commit of a git work tree that the job used files of, lowercase hex: at least the first 7 digits.</summary>
    public string? Commit { get; init; }

    /// <summary>Whether it ended with exit status 0; null for both.</summary>
    public bool? Succeeded { get; init; }

    /// <summary>This run alone: whether it fulfils the other conditions.</summary>
    public Digest? Record { get; init; }

    /// <summary>SHA-256 of the signer's certificate.</summary>
    public Digest? Signer { get; init; }
}
