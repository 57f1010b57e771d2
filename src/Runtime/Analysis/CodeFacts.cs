namespace Provenance.Runtime.Analysis;

/// <summary>What is known of one object's code whatever it is loaded with.</summary>
internal sealed record CodeFacts
{
    /// <summary>Code that was decoded, in bytes.</summary>
    public required long CodeBytes { get; init; }

    /// <summary>Of all its instructions, checked or not, in ordinal order.</summary>
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>Names it exports by which other objects learn what the processor can do.</summary>
    public required IReadOnlyList<string> ProcessorExports { get; init; }

    /// <summary>As <see cref="Archive.Records.FeatureChoice.How"/>; null when nothing in it chooses.</summary>
    public string? DispatchKind { get; init; }

    /// <summary>Instructions whose results are approximate.</summary>
    public required int Approximate { get; init; }

    public required bool MakesCode { get; init; }

    /// <summary>Whether what makes code may know the processor.</summary>
    public required bool MakesCodeKnowing { get; init; }

    /// <summary>GOAMD64 or GOARM64 of a Go program.</summary>
    public string? GoLevel { get; init; }

    /// <summary>Whether its initialisers ask for no more than the baseline.</summary>
    public required bool HasPlainStart { get; init; }

    /// <summary>Of what may be a dynamic linker what it checks; null for all else.</summary>
    public LoaderChecks? Loader { get; init; }
}
