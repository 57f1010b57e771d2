using Provenance.Archive.Content;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Catalog;

/// <summary>What <c>prov key rotate</c> did.</summary>
/// <param name="Rotation">The record that says so.</param>
/// <param name="Old">Signs no more; what it signed stays trusted.</param>
/// <param name="New">Signs from now on.</param>
/// <param name="Warnings">Such as that no time stamp was to be had, one sentence each.</param>
public sealed record KeyRotation(Digest Rotation, SignerCertificate Old, SignerCertificate New, IReadOnlyList<string> Warnings);
