namespace Provenance.Web.Pages;

/// <summary>What stands around every page.</summary>
public sealed record PageHead
{
    public required string Title { get; init; }

    /// <summary>What the archive is called.</summary>
    public required string Site { get; init; }

    /// <summary>This program and its version.</summary>
    public required string Program { get; init; }

    /// <summary>What was typed into the field, to be shown again.</summary>
    public string Query { get; init; } = "";

    /// <summary>The same as in the response's Link field: FAIR Signposting, level 1.</summary>
    public IReadOnlyList<TypedLink> Links { get; init; } = [];

    /// <summary>The feed that tells of more like it.</summary>
    public string Feed { get; init; } = Feeds.Feeds.Atom;

    /// <summary>Whether it is shown by a link for reviewers, to whom nothing is offered that would tell who made it.</summary>
    public bool IsForReviewers { get; init; }

    /// <summary>schema.org in JSON-LD, for harvesters; null for none.</summary>
    public string? JsonLd { get; init; }
}
