using Provenance.Archive.Catalog;

namespace Provenance.Archive.Exchange;

/// <summary>What is needed to cite a run.</summary>
public sealed record CitableRun
{
    private const int MaxTitle = 80;

    public required RunRow Row { get; init; }

    /// <summary>Papers that rest on it.</summary>
    public required IReadOnlyList<CitationRow> Citations { get; init; }

    /// <summary>Who keeps the archive.</summary>
    public required string Publisher { get; init; }

    /// <summary>Of the site that shows it, without a slash at the end; null when none does.</summary>
    public required string? Site { get; init; }

    /// <summary>Of its page, or the name that it has anywhere.</summary>
    public string Address => Site is null ? $"urn:x-prov:run:{Row.Record.Hex}" : $"{Site}/runs/{Row.Record.Hex}";

    /// <summary>As <see cref="Address"/>, of its image.</summary>
    public string ImageAddress => Site is null ? $"urn:x-prov:image:{Row.ImageManifest.Hex}" : $"{Site}/images/{Row.ImageManifest}";

    /// <summary>What <see cref="Address"/> is, in the words of DataCite.</summary>
    public string AddressType => Site is null ? "URN" : "URL";

    public string Title => $"Run {Row.Record.Abbreviated}: {Shortened(Row.Command)} in {Row.ImageReference}";

    public string Author => Row.SignerName ?? "unknown";

    /// <summary>The ORCID iD in the signer's certificate; null when none is.</summary>
    public string? AuthorOrcid { get; init; }

    private static string Shortened(string text) => text.Length <= MaxTitle ? text : text[..(MaxTitle - 1)] + "…";
}
