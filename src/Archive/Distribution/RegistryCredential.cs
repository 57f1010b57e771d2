namespace Provenance.Archive.Distribution;

/// <summary>Who somebody is at a registry. One of the forms is there.</summary>
public sealed record RegistryCredential
{
    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>A refresh token, which the token server takes in place of a password.</summary>
    public string? IdentityToken { get; init; }

    /// <summary>A token that is sent as it is.</summary>
    public string? RegistryToken { get; init; }

    // A record prints its members; secrets are not to be printed.
    public override string ToString() => $"credential of '{User}'";
}
