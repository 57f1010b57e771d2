using System.Text;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;
using Provenance.Web.Api;
using Provenance.Web.Hosting;
using Provenance.Web.Pages;
using Provenance.Web.Reading;

namespace Provenance.Web.Representations;

/// <summary>The forms in which records can be had, each at its own address, and the blobs they name.</summary>
internal static class RepresentationEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/runs/{id}/{name}", OfRun);
        routes.MapGet("/records/{id}/record.json", (Site site, string id) => OfRecord(site, id, Representation.Record));
        routes.MapGet("/records/{id}/record.p7s", (Site site, string id) => OfRecord(site, id, Representation.Signature));
        routes.MapGet("/records/{id}/signer.pem", (Site site, string id) => OfRecord(site, id, Representation.Signer));
        routes.MapGet("/records/{id}/record.tlog-proof", (Site site, string id) => OfRecord(site, id, Representation.LogProof));
        // A crate names its parts so.
        routes.MapGet("/runs/{id}/blobs/sha256/{hex}", IResult (string id, string hex) =>
            Digest.TryParseHex(hex, out var digest) ? new SeeOther(Paths.Blob(digest)) : Results.NotFound());
    }

    private static IResult OfRun(Site site, HttpContext http, string id, string name)
    {
        if (Representation.All.FirstOrDefault(one => one.Name == name) is not { } form)
        {
            return Troubles.NotFound(site, $"A run has no “{name}”; it has {string.Join(", ", Representation.All.Select(one => one.Name))}.");
        }

        using var reader = site.Shelf.Open();
        var row = reader.Get(id, RecordKind.Run);
        if (row.Record.Hex != id)
        {
            return new SeeOther($"{Paths.Run(row.Record)}/{name}");
        }

        string address = site.AddressOf(http.Request, Paths.Run(row.Record));
        http.Response.Headers.Link = new TypedLink(form.IsMetadata ? "describes" : "collection", address, "text/html").ToString();
        return form.Name switch
        {
            "bundle.prov.tar" => new BundleResult(site, row.Record),
            "ro-crate-metadata.json" => Bytes(BundleDescriptions.RoCrate(Plan(reader, row), reader.Blobs), form),
            "prov.json" => Bytes(BundleDescriptions.ProvJson(Plan(reader, row), reader.Blobs), form),
            "prov.provn" => Bytes(BundleDescriptions.ProvN(Plan(reader, row), reader.Blobs), form),
            "slsa.json" => Bytes(BundleDescriptions.Slsa(Plan(reader, row), row.Record, reader.Blobs), form),
            "run.json" => Results.Json(
                RunDocument.Of(RecordEndpoints.ReadRun(site, reader, row, address), reader.StatementOf(row)), ApiJson.Default.RunDocument),
            "datacite.json" => Bytes(CitationFormats.DataCite(Citable(site, reader, row, http.Request)), form),
            "cite.bib" => Bytes(CitationFormats.BibTex(Citable(site, reader, row, http.Request)), form),
            "CITATION.cff" => Bytes(CitationFormats.Cff(Citable(site, reader, row, http.Request)), form),
            "linkset.json" => Bytes(RunLinkset.Of(RecordEndpoints.ReadRun(site, reader, row, address)), form),
            _ => OfRecord(site, reader, row, form),
        };
    }

    private static CitableRun Citable(Site site, Reader reader, RecordRow row, HttpRequest request) => new()
    {
        Row = reader.Finder.FindRun(row.Record) ?? throw new RecordNotFoundException(row.Record.Hex),
        Citations = reader.Finder.CitationsOf(row.Record),
        AuthorOrcid = reader.Finder.SignerOf(row)?.Orcid,
        Publisher = site.Options.Title,
        Site = site.AddressOf(request, ""),
    };

    private static IResult OfRecord(Site site, string id, Representation form)
    {
        using var reader = site.Shelf.Open();
        return OfRecord(site, reader, reader.Finder.Get(id), form);
    }

    private static IResult OfRecord(Site site, Reader reader, RecordRow row, Representation form)
    {
        if (form == Representation.LogProof)
        {
            return reader.Finder.FindProof(row) is { } proof ? Bytes(proof, form) : Results.NotFound();
        }

        var signed = reader.Finder.Read(row);
        return form == Representation.Record ? Bytes(signed.Statement.ToArray(), form)
            : form == Representation.Signature ? Bytes(signed.Signature.ToArray(), form)
            : Signers(site, signed.Signature, form);
    }

    /// <summary>Of a signature that this program does not understand it does not know which certificates are in it: whoever does has record.p7s.</summary>
    private static IResult Signers(Site site, ReadOnlyMemory<byte> signature, Representation form) =>
        CmsVerifier.FindCertificates(signature, out string? problem) is { } certificates
            ? Bytes(Encoding.ASCII.GetBytes(string.Concat(certificates)), form)
            : Troubles.NotFound(site, $"No certificate can be taken out of this record's signature: it {problem}. The signature itself is record.p7s.");

    private static Bundle Plan(Reader reader, RecordRow row) =>
        new BundlePlanner(reader.Blobs, reader.Finder, reader.Images, reader.Finder.FindProof)
            .Plan([row], new ExportOptions { Layers = false, Replays = true });

    private static IResult Bytes(byte[] content, Representation form) => Results.Bytes(content, form.MediaType);
}
