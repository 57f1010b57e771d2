using Provenance.Archive.Access;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Web.Pages;
using Provenance.Web.Reading;
using Provenance.Web.Registry;

namespace Provenance.Web.Hosting;

/// <summary>What a request may need: the archive as whoever asks may read it, what is known of its records, and what the site is called.</summary>
internal sealed class Site(ServeOptions options, Audience audience, Turns turns)
{
    private Catalogue? _registry;

    public ServeOptions Options { get; } = options;

    /// <summary>Who reads. Others who may read the same share the site: what a request may do beside is told by its own visit.</summary>
    public Audience Audience { get; } = audience;

    public Shelf Shelf { get; } = new(options.Layout, options.Sync, options.Time, audience, turns);

    public Verifications Verifications { get; } = new(options.Layout, options.Sync, options.Time);

    public Listings Listings => field ??= new Listings(Shelf);

    public RunArtifacts RunArtifacts { get; } = new();

    /// <summary>The newest papers.</summary>
    public Remembered<IReadOnlyList<(Doi Doi, string? Title, int Runs, int Figures)>> Papers => field ??= new(Shelf, PapersPage.List);

    /// <summary>The newest images and those with names.</summary>
    public Remembered<IReadOnlyList<(string? Name, ImageRow Image)>> Images => field ??= new(Shelf, ImagesPage.List);

    public Census Census => field ??= new Census(Shelf, Options.Time);

    /// <summary>The images as a registry has them.</summary>
    public Catalogue Registry
    {
        get
        {
            if (_registry is not { } known || known.Stamp != Shelf.Stamp)
            {
                _registry = known = Catalogue.Of(this);
            }

            return known;
        }
    }

    /// <summary>What somebody has signed here: of whoever signed very much, as it was counted last.</summary>
    /// <param name="reader">Of the request.</param>
    /// <param name="certificate">SHA-256 of the certificate.</param>
    /// <returns>Null when nothing.</returns>
    public SignerCount? FindSigner(Reader reader, Digest certificate)
    {
        const long Much = 500;
        return Census.Now().Signers.FirstOrDefault(signer => signer.Certificate == certificate) is { Records: > Much } counted
            ? counted
            : reader.Finder.FindSigner(certificate);
    }

    /// <summary>An address of this site as readers write it down.</summary>
    public string AddressOf(HttpRequest request, string path) =>
        Options.PublicUrl is { } url ? url + path : $"{request.Scheme}://{request.Host}{request.PathBase}{path}";

    /// <summary>Of everything that is shown: it changes when the archive, the program or the day does, for certificates expire.</summary>
    public string EntityTag() =>
        $"W/\"{Shelf.Stamp.Text}-{Options.Program.Version}-{Options.Time.GetUtcNow().UtcDateTime:yyyyMMdd}\"";

    /// <summary>No longer wanted; requests that have it may finish.</summary>
    public void Close() => Shelf.Close();
}
