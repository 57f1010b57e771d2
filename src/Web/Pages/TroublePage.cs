namespace Provenance.Web.Pages;

/// <summary>Why there is no such page.</summary>
/// <param name="Head">Of the page.</param>
/// <param name="Detail">One or two sentences.</param>
/// <param name="Further">What tells more of it; null for nothing.</param>
public sealed record TroublePage(PageHead Head, string Detail, (string Address, string Text)? Further = null);
