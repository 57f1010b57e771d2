using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Web.Hosting;

namespace Provenance.Web.Pages;

/// <summary>What whoever believes neither this server nor prov can type to find out the facts of a record.</summary>
public sealed record ByHand
{
    /// <summary>Blobs that are listed: of more the record itself says which there are.</summary>
    private const int MostBlobs = 24;

    public required Digest Record { get; init; }

    /// <summary>Below it are record.json, record.p7s and signer.pem, absolute.</summary>
    public required string Address { get; init; }

    /// <summary>Of the site, absolute, without a slash at the end.</summary>
    public required string Site { get; init; }

    /// <summary>Whether there is a proof that the record is in the log.</summary>
    public required bool HasProof { get; init; }

    /// <summary>Whether it is shown by a link for reviewers, who are given neither records nor signatures.</summary>
    public required bool IsForReviewers { get; init; }

    /// <summary>What the record names and is the fact "bytes", as far as it can be had here.</summary>
    public IReadOnlyList<(string Address, Digest Digest)> Named { get; init; } = [];

    /// <summary>More than those.</summary>
    public int NotNamed { get; init; }

    /// <param name="site">Which shows it.</param>
    /// <param name="request">For the site's address.</param>
    /// <param name="row">The record.</param>
    /// <param name="named">What it names, each by the path at which its bytes are.</param>
    internal static ByHand Of(Site site, HttpRequest request, RecordRow row, params IReadOnlyList<(string Path, Digest Digest)> named) => new()
    {
        Record = row.Record,
        Address = site.AddressOf(request, row.Kind == RecordKind.Run ? Paths.Run(row.Record) : $"/records/{row.Record.Hex}"),
        Site = site.AddressOf(request, ""),
        HasProof = row.LogIndex is not null && LogKeyStore.FindVerifier(site.Options.Layout) is not null,
        IsForReviewers = site.Audience.Review is not null,
        Named = [.. named.Take(MostBlobs).Select(one => (site.AddressOf(request, one.Path), one.Digest))],
        NotNamed = Math.Max(0, named.Count - MostBlobs),
    };
}
