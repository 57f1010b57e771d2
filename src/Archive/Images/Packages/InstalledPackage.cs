namespace Provenance.Archive.Images.Packages;

/// <summary>A package that is installed in an image.</summary>
/// <param name="Manager"><c>dpkg</c>, <c>apk</c>, <c>conda</c> or <c>pip</c>.</param>
/// <param name="Name">With its architecture, where the manager tells packages of several apart.</param>
/// <param name="Version">With its build, where there is one.</param>
public sealed record InstalledPackage(string Manager, string Name, string Version);
