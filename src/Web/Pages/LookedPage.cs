using Provenance.Web.Lookups;

namespace Provenance.Web.Pages;

/// <summary>What was found, or that nothing was and how it was understood.</summary>
public sealed record LookedPage(PageHead Head, LookupResult Result);
