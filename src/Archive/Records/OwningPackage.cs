namespace Provenance.Archive.Records;

/// <summary>A package of the host that a file of a captured image is of. One JSON line of the list.</summary>
public sealed record OwningPackage
{
    public required string Name { get; init; }

    /// <summary>As its manager writes it: <c>2.36-9+deb12u10</c>.</summary>
    public required string Version { get; init; }

    /// <summary>As its manager writes it: <c>amd64</c>, <c>all</c>, <c>x86_64</c>, <c>noarch</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary><c>dpkg</c>, <c>rpm</c> or <c>apk</c>.</summary>
    public required string Manager { get; init; }
}
