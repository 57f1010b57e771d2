using Provenance.Archive.Catalog;
using Provenance.Web.Reading;

namespace Provenance.Web.Pages;

/// <summary>A record that is about another: an endorsement or a citation.</summary>
public sealed record OtherRecordPage
{
    public required PageHead Head { get; init; }

    public required RecordRow Row { get; init; }

    public required JudgedRecord Judged { get; init; }

    public required ByHand ByHand { get; init; }

    /// <summary>What it says.</summary>
    public required string Sentence { get; init; }

    /// <summary>The page of what it is about.</summary>
    public required string About { get; init; }

    public required string AboutText { get; init; }
}
