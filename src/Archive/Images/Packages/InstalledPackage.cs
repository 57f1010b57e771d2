using Provenance.Archive.Records;

namespace Provenance.Archive.Images.Packages;

/// <summary>A package that is installed in an image.</summary>
/// <param name="Manager">As in <see cref="ImagePackage.Manager"/>.</param>
/// <param name="Name">With its architecture, where the manager tells packages of several apart.</param>
/// <param name="Version">With its build, where there is one.</param>
public sealed record InstalledPackage(string Manager, string Name, string Version)
{
    internal static InstalledPackage Of(ImagePackage package) => package.Manager is "dpkg" or "rpm" or "apk"
        ? Of(package.Manager, package.Name, package.Version, package.Architecture)
        : new(package.Manager, package.Name, package.Build is null ? package.Version : $"{package.Version}-{package.Build}");

    /// <param name="manager">Whose name it is.</param>
    /// <param name="name">Alone.</param>
    /// <param name="version">As its manager writes it.</param>
    /// <param name="architecture">As its manager writes it; null for none. What is of all of them does not say so.</param>
    internal static InstalledPackage Of(string manager, string name, string version, string? architecture) =>
        new(manager, architecture is null or "all" or "noarch" ? name : $"{name}:{architecture}", version);
}
