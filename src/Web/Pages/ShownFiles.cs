namespace Provenance.Web.Pages;

/// <summary>Files of a run, as a table shows them.</summary>
/// <param name="Label">What they are to the run.</param>
/// <param name="Files">The first of them.</param>
/// <param name="Count">Of all.</param>
public sealed record ShownFiles(string Label, IReadOnlyList<ShownFile> Files, int Count);
