using Provenance.Archive.Catalog;

namespace Provenance.Web.Pages;

/// <summary>Runs in a list, with what they can be chosen by.</summary>
public sealed record RunsPage
{
    /// <summary>Conditions that are shown at once; the others behind a word.</summary>
    public const int Common = 3;

    public required PageHead Head { get; init; }

    /// <summary>Name of a parameter, its label, and what it is now.</summary>
    public required IReadOnlyList<(string Name, string Label, string? Value)> Fields { get; init; }

    /// <summary>Whether one of the others is given.</summary>
    public bool HasMore => Ended is not null || Fields.Skip(Common).Any(one => one.Value is not null);

    /// <summary><c>well</c>, <c>badly</c> or nothing.</summary>
    public string? Ended { get; init; }

    public required IReadOnlyList<(string Title, IReadOnlyList<(string Label, long Count, string Address)> Values)> Facets { get; init; }

    public required IReadOnlyList<RunRow> Runs { get; init; }

    /// <summary>What is wrong with the question; null when nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>The address of the first page, when this is another.</summary>
    public string? First { get; init; }

    /// <summary>The address of the next page; null at the end.</summary>
    public string? Next { get; init; }
}
