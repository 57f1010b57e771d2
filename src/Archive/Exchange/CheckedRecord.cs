using Provenance.Archive.Records;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Exchange;

/// <summary>A record of a bundle whose statement and signature were found good.</summary>
/// <param name="Listed">As it stands in the manifest.</param>
/// <param name="Signature">Valid; whether its signer is trusted here stands in it.</param>
/// <param name="Image">Of an image record what it says; else null.</param>
internal sealed record CheckedRecord(BundledRecord Listed, SignatureVerification Signature, ImageRecord? Image);
