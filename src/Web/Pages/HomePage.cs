using Provenance.Archive.Catalog;
using Provenance.Web.Reading;

namespace Provenance.Web.Pages;

/// <summary>One field, and what was run last.</summary>
public sealed record HomePage(PageHead Head, IReadOnlyList<RunRow> Latest, Numbers Numbers);
