using Provenance.Archive.Catalog;
using Provenance.Archive.Exchange;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;

namespace Provenance.Cli;

/// <summary>Records as one document in the words of others, where a bundle would be more than is asked for.</summary>
/// <param name="workbench">With the archive.</param>
/// <param name="site">Where the archive is on the web; null for nowhere.</param>
internal sealed class DocumentExport(Workbench workbench, string? site)
{
    public const string Bundle = "bundle";
    public const string Bag = "bagit";

    private const string Dsse = "dsse";
    private const string DsseSlsa = "dsse-slsa";
    private const string InToto = "in-toto";
    private const string ProvJson = "prov-json";
    private const string ProvN = "prov-n";
    private const string RoCrate = "ro-crate";
    private const string Slsa = "slsa";
    private const string BibTex = "bibtex";
    private const string Cff = "cff";
    private const string DataCite = "datacite";

    /// <summary>In the order in which help lists them.</summary>
    public static readonly IReadOnlyList<string> Formats =
        [Bundle, Bag, RoCrate, ProvJson, ProvN, InToto, Dsse, Slsa, DsseSlsa, DataCite, Cff, BibTex];

    /// <summary>Those that tell of one record, and not of all that a bundle would hold.</summary>
    private static readonly IReadOnlyList<string> OfOneRun = [Slsa, DsseSlsa, DataCite, Cff, BibTex];

    /// <exception cref="UsageException">The format tells of one run, and these are none or several.</exception>
    /// <exception cref="TrustException">It is signed when it is made, and no key can sign.</exception>
    public byte[] Make(string format, IReadOnlyList<RecordRow> roots, Bundle bundle)
    {
        if (format is InToto or Dsse || OfOneRun.Contains(format))
        {
            return MakeOfOne(format, Single(format, roots), bundle);
        }

        return format switch
        {
            RoCrate => BundleDescriptions.RoCrate(bundle, workbench.Blobs),
            ProvJson => BundleDescriptions.ProvJson(bundle, workbench.Blobs),
            _ => BundleDescriptions.ProvN(bundle, workbench.Blobs),
        };
    }

    private static RecordRow Single(string format, IReadOnlyList<RecordRow> roots)
    {
        if (roots is not [var row])
        {
            throw new UsageException($"format '{format}': tells of one record, expected one ID and not {roots.Count}");
        }

        return row.Kind == RecordKind.Run || !OfOneRun.Contains(format)
            ? row
            : throw new UsageException($"format '{format}': '{row.Record.Abbreviated}' is no run");
    }

    private byte[] MakeOfOne(string format, RecordRow row, Bundle bundle) => format switch
    {
        InToto => workbench.Finder.Read(row).Statement.ToArray(),
        Dsse => Sign(workbench.Finder.Read(row).Statement.Span),
        Slsa => BundleDescriptions.Slsa(bundle, row.Record, workbench.Blobs),
        DsseSlsa => Sign(BundleDescriptions.Slsa(bundle, row.Record, workbench.Blobs)),
        DataCite => CitationFormats.DataCite(Citable(row)),
        Cff => CitationFormats.Cff(Citable(row)),
        _ => CitationFormats.BibTex(Citable(row)),
    };

    private byte[] Sign(ReadOnlySpan<byte> statement)
    {
        workbench.EnsureKey();
        using var key = workbench.Keys.Find() ?? throw new TrustException(workbench.Layout.Keys, "has no key that signs");
        workbench.Terminal.Note($"signed by {key.Signer.Name}, who vouches for it by that; the record has a signature of its own");
        return DsseEnvelope.Sign(statement, key);
    }

    private CitableRun Citable(RecordRow row) => new()
    {
        Row = workbench.Finder.FindRun(row.Record) ?? throw new RecordNotFoundException(row.Record.Hex),
        Citations = workbench.Finder.CitationsOf(row.Record),
        AuthorOrcid = workbench.Finder.SignerOf(row)?.Orcid,
        Publisher = site is null ? "prov" : new Uri(site).Host,
        Site = site,
    };
}
