using Microsoft.Net.Http.Headers;
using Provenance.Archive.Content;

namespace Provenance.Web.Representations;

/// <summary>A form in which a run can be had, at an address of its own.</summary>
/// <param name="Name">The last part of the address.</param>
/// <param name="MediaType">Of it.</param>
/// <param name="Profile">What it keeps to; null for nothing in particular.</param>
/// <param name="IsMetadata">Whether it tells of the run, rather than being part of it.</param>
internal sealed record Representation(string Name, string MediaType, string? Profile, bool IsMetadata)
{
    public const string JsonLd = "application/ld+json";
    public const string DataCiteJson = "application/vnd.datacite.datacite+json";

    public static readonly Representation Document = new("run.json", "application/json", null, true);
    public static readonly Representation Record = new("record.json", MediaTypes.Statement, "https://in-toto.io/Statement/v1", false);
    public static readonly Representation Signature = new("record.p7s", MediaTypes.CmsSignature, null, false);
    public static readonly Representation Signer = new("signer.pem", "application/pem-certificate-chain", null, false);
    public static readonly Representation LogProof = new("record.tlog-proof", "text/plain", "https://c2sp.org/tlog-proof", false);
    public static readonly Representation Bundle = new("bundle.prov.tar", "application/x-tar", null, false);
    public static readonly Representation RoCrate = new("ro-crate-metadata.json", JsonLd, "https://w3id.org/ro/crate", true);
    public static readonly Representation ProvJson = new("prov.json", "application/provenance+json", "http://www.w3.org/ns/prov", true);
    public static readonly Representation ProvN = new("prov.provn", "text/provenance-notation", "http://www.w3.org/ns/prov", true);
    public static readonly Representation Slsa = new("slsa.json", MediaTypes.Statement, "https://slsa.dev/provenance/v1", true);
    public static readonly Representation DataCite = new("datacite.json", DataCiteJson, "https://schema.datacite.org/meta/kernel-4.6", true);
    public static readonly Representation BibTex = new("cite.bib", "application/x-bibtex", null, true);
    public static readonly Representation Cff = new("CITATION.cff", "application/x-yaml", "https://citation-file-format.github.io/1.2.0", true);
    public static readonly Representation Linkset = new("linkset.json", "application/linkset+json", "https://www.iana.org/assignments/link-relations", true);

    /// <summary>In the order in which they are offered.</summary>
    public static readonly IReadOnlyList<Representation> All =
        [Document, RoCrate, ProvJson, ProvN, Record, Signature, Signer, LogProof, Slsa, DataCite, BibTex, Cff, Linkset, Bundle];

    /// <summary>What a client wants in place of the page.</summary>
    /// <returns>Null for the page: it is wanted, or nothing that there is.</returns>
    /// <remarks>Source: RFC 9110 §12.5.1. Of equal wishes the page goes first.</remarks>
    public static Representation? Asked(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var wishes))
        {
            return null;
        }

        foreach (var wish in wishes.Where(wish => wish.Quality is not 0).OrderByDescending(wish => wish.Quality ?? 1))
        {
            if (wish.MatchesAllTypes || wish.MediaType == "text/html" || wish.MediaType == "application/xhtml+xml")
            {
                return null;
            }

            if (All.FirstOrDefault(one => wish.MediaType.Equals(one.MediaType, StringComparison.OrdinalIgnoreCase)) is { } found)
            {
                return found;
            }
        }

        return null;
    }
}
