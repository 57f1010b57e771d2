using Provenance.Web.Hosting;

namespace Provenance.Web.Pages;

/// <summary>Makes what stands around a page.</summary>
internal static class Heads
{
    public static PageHead Of(Site site, string title, string query = "", IReadOnlyList<TypedLink>? links = null, string? jsonLd = null) => new()
    {
        Title = title,
        Site = site.Options.Title,
        Program = $"{site.Options.Program.Name} {site.Options.Program.Version}",
        Query = query,
        Links = links ?? [],
        JsonLd = jsonLd,
        IsForReviewers = site.Audience.Review is not null,
    };
}
