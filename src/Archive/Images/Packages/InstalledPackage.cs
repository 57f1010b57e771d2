namespace Provenance.Archive.Images.Packages;

/// <summary>A package that is installed in an image.</summary>
/// <param name="Manager"><c>dpkg</c>, <c>apk</c>, <c>conda</c> or <c>pip</c>.</param>
/// <param name="Name">With its architecture, where the manager tells packages of several apart.</param>
/// <param name="Version">With its build, where there is one.</param>
public sealed record InstalledPackage(string Manager, string Name, string Version)
{
    /// <param name="manager">Whose name it is.</param>
    /// <param name="name">Alone.</param>
    /// <param name="version">As its manager writes it.</param>
    /// <param name="architecture">As its manager writes it; null for none. What is of all of them does not say so.</param>
    internal static InstalledPackage Of(string manager, string name, string version, string? architecture) =>
        new(manager, architecture is null or "all" or "noarch" ? name : $"{name}:{architecture}", version);
}
