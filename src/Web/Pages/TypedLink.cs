namespace Provenance.Web.Pages;

/// <summary>A link that says what it leads to.</summary>
/// <param name="Relation">IANA's word: <c>cite-as</c>, <c>describedby</c>, <c>item</c>, …</param>
/// <param name="Address">Absolute.</param>
/// <param name="Type">The media type; null when it is no document.</param>
/// <param name="Profile">What the document keeps to; null for nothing in particular.</param>
/// <remarks>Sources: RFC 8288; RFC 6906; FAIR Signposting Profile (signposting.org/FAIR).</remarks>
public sealed record TypedLink(string Relation, string Address, string? Type = null, string? Profile = null)
{
    /// <summary>As it stands in the field Link.</summary>
    public override string ToString() =>
        $"<{Address}>; rel=\"{Relation}\"{(Type is null ? "" : $"; type=\"{Type}\"")}{(Profile is null ? "" : $"; profile=\"{Profile}\"")}";
}
