using System.Security.Cryptography;
using Provenance.Archive.Content;
using Provenance.Archive.Upkeep;

namespace Provenance.Archive.Trust;

/// <summary>Signs as the archive is set up: with a time stamp when config.toml names an authority, without one when none answers.</summary>
/// <remarks>
/// A record is worth more than its time stamp: that nobody answers is said, and nothing is lost by it. <c>prov archive renew</c> stamps it later.
/// </remarks>
public sealed class StatementSigner(StoreLayout layout, TimeProvider clock)
{
    /// <exception cref="ArchiveException">config.toml, or a certificate in trust/tsa/, cannot be understood.</exception>
    public StampedSignature Sign(ReadOnlySpan<byte> statement, SigningKey key)
    {
        var settings = ArchiveSettings.Read(layout).Time;
        if (settings.Authorities.Count == 0)
        {
            return new StampedSignature(CmsSigner.Sign(statement, key, clock), null);
        }

        using var client = new TimestampClient(settings, TimestampAuthorities.Load(layout), clock);
        try
        {
            return new StampedSignature(CmsSigner.Sign(statement, key, clock, Stamp), null);
        }
        catch (TimestampException e)
        {
            return new StampedSignature(CmsSigner.Sign(statement, key, clock), e.Message);
        }

        byte[] Stamp(byte[] signature) => client.Stamp(SHA512.HashData(signature), "signature");
    }
}
