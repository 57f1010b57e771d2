using Provenance.Archive.Catalog;

namespace Provenance.Web.Pages;

/// <summary>Files of several runs, as a table shows them.</summary>
/// <param name="Label">What they are to the runs.</param>
public sealed record ShownMatches(string Label, IReadOnlyList<FileMatch> Files);
