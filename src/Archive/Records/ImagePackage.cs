namespace Provenance.Archive.Records;

/// <summary>A package that is installed in an image. One JSON line of the list.</summary>
public sealed record ImagePackage
{
    /// <summary><c>dpkg</c>, <c>rpm</c>, <c>apk</c>, <c>conda</c>, <c>pip</c>, <c>spack</c> or <c>easybuild</c>.</summary>
    public required string Manager { get; init; }

    public required string Name { get; init; }

    /// <summary>As its manager writes it: <c>2.36-9+deb12u10</c>; of rpm <c>[EPOCH:]VERSION-RELEASE</c>.</summary>
    public required string Version { get; init; }

    /// <summary>As its manager writes it: <c>amd64</c>, <c>noarch</c>, <c>linux-64</c>, <c>linux-debian12-zen3</c>. Null where it says none.</summary>
    public string? Architecture { get; init; }

    /// <summary>What tells builds of one version apart: conda's build, Spack's hash, EasyBuild's toolchain and suffix. Null where there is none.</summary>
    public string? Build { get; init; }

    /// <summary>The file of the image that says so, as in the tree manifest. Null of a captured image for a package of the host.</summary>
    public string? Path { get; init; }

    internal static ImagePackage Of(OwningPackage owner) => new()
    {
        Manager = owner.Manager,
        Name = owner.Name,
        Version = owner.Version,
        Architecture = owner.Architecture,
    };
}
