namespace Provenance.Archive.Trust;

/// <summary>A certificate of others that is trusted here, as <c>prov key list --trusted</c> shows it.</summary>
public sealed record TrustedCertificate
{
    public required SignerCertificate Certificate { get; init; }

    public required TrustRole Role { get; init; }

    /// <summary>The file that says so; without it nobody does.</summary>
    public required string Path { get; init; }

    /// <summary>It was trusted before, by this file.</summary>
    public bool WasThere { get; init; }
}
