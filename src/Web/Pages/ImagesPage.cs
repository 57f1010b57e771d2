using Provenance.Archive.Catalog;

namespace Provenance.Web.Pages;

/// <summary>The images of the archive, named ones first.</summary>
public sealed record ImagesPage(PageHead Head, IReadOnlyList<(string? Name, ImageRow Image)> Images);
