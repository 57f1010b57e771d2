using Provenance.Archive.Catalog;
using Provenance.Archive.Differences;

namespace Provenance.Web.Pages;

/// <summary>Two runs side by side.</summary>
public sealed record ComparedPage(PageHead Head, RunRow A, RunRow B, IReadOnlyList<DifferenceSection> Sections);
