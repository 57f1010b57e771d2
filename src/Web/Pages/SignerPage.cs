using Provenance.Archive.Catalog;
using Provenance.Archive.Trust;

namespace Provenance.Web.Pages;

/// <summary>Somebody who signed, and what.</summary>
/// <param name="Trust">What this archive thinks of the certificate, by the latest of its signatures; null when that cannot be said.</param>
public sealed record SignerPage(PageHead Head, SignerCount Signer, CertificateTrust? Trust, IReadOnlyList<RunRow> Runs)
{
    /// <summary>What the certificate says, as one of his runs has it; null where he has signed none.</summary>
    public SignerCertificate? Certificate { get; init; }
}
