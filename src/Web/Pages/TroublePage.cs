namespace Provenance.Web.Pages;

/// <summary>Why there is no such page.</summary>
public sealed record TroublePage(PageHead Head, string Detail);
