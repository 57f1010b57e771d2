using Provenance.Archive.Catalog;

namespace Provenance.Web.Pages;

/// <summary>Who signs here.</summary>
public sealed record SignersPage(PageHead Head, IReadOnlyList<SignerCount> Signers);
