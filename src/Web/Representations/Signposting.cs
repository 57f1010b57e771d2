using Provenance.Web.Pages;

namespace Provenance.Web.Representations;

/// <summary>Typed links by which a machine finds its way from a run's page, and the set of all of them.</summary>
/// <remarks>Sources: FAIR Signposting Profile, levels 1 and 2; RFC 9264 §4.2 (linkset+json).</remarks>
internal static class Signposting
{
    /// <summary>More items than this are in the link set alone, as the profile advises.</summary>
    private const int MostItems = 20;

    /// <param name="page">The run.</param>
    /// <param name="address">Of the page, absolute.</param>
    public static IReadOnlyList<TypedLink> Of(RunPage page, string address) => [.. All(page, address).Take(MostItems + Representation.All.Count)];

    public static IEnumerable<TypedLink> All(RunPage page, string address)
    {
        yield return new TypedLink("cite-as", address);
        yield return new TypedLink("type", "https://schema.org/AboutPage");
        yield return new TypedLink("type", "https://schema.org/Dataset");
        yield return new TypedLink("linkset", $"{address}/{Representation.Linkset.Name}", Representation.Linkset.MediaType);
        foreach (var one in Representation.All.Where(one => one.IsMetadata && one != Representation.Linkset))
        {
            yield return new TypedLink("describedby", $"{address}/{one.Name}", one.MediaType, one.Profile);
        }

        foreach (var one in Representation.All.Where(one => !one.IsMetadata && (one != Representation.LogProof || page.Row.LogIndex is not null)))
        {
            yield return new TypedLink("item", $"{address}/{one.Name}", one.MediaType, one.Profile);
        }

        string site = address[..address.LastIndexOf("/runs/", StringComparison.Ordinal)];
        foreach (var file in page.Outputs.Files.Where(file => file is { IsHere: true, Sha256: not null }))
        {
            yield return new TypedLink("item", site + Paths.Blob(file.Sha256!), "application/octet-stream");
        }
    }
}
