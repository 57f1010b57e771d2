namespace Provenance.Web;

/// <summary>Whose OpenID Connect tokens let people in, besides the archive's own tokens.</summary>
public sealed record OidcOptions
{
    /// <summary>The claim that says who somebody is, when no other is named (OpenID Connect Core 1.0, section 2).</summary>
    public const string DefaultOwnerClaim = "sub";

    /// <summary>As its tokens name it, without a slash at the end: <c>https:</c>, or <c>http:</c> on this machine alone.</summary>
    public required Uri Issuer { get; init; }

    /// <summary>What its tokens name this server by, in <c>aud</c>: one for somebody else is refused.</summary>
    public required string Audience { get; init; }

    /// <summary>The claim whose text is the owner's name here. Nobody but the issuer may choose it.</summary>
    public string OwnerClaim { get; init; } = DefaultOwnerClaim;
}
