using Provenance.Archive.Catalog;
using Provenance.Archive.Records;

namespace Provenance.Web.Pages;

/// <summary>Whether a machine could repeat a run.</summary>
/// <param name="Host">The machine; null when nothing of it is said again.</param>
public sealed record AssessedPage(PageHead Head, RunRow Row, HostProfile? Host, Assessment Assessment);
