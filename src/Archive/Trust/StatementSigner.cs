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
    private static readonly TimeSpan EarlyEnough = TimeSpan.FromDays(30);

    /// <remarks>A setting or a certificate that cannot be understood costs the time stamp, and not the record of a job that has run.</remarks>
    /// <exception cref="TrustException">The statement does not name this key as its signer.</exception>
    public StampedSignature Sign(ReadOnlySpan<byte> statement, SigningKey key)
    {
        if (NamedSigner.In(statement) != key.Signer.PublicKey)
        {
            throw new TrustException("statement", $"does not name the key of {key.Signer.Name} as its signer: not signed");
        }

        try
        {
            var settings = ArchiveSettings.Read(layout).Time;
            if (settings.Authorities.Count == 0)
            {
                return new StampedSignature(CmsSigner.Sign(statement, key, clock), Expiry(key));
            }

            using var client = new TimestampClient(settings, TimestampAuthorities.Load(layout), clock);
            byte[] Stamp(byte[] signature) => client.Stamp(SHA512.HashData(signature), "signature");
            return new StampedSignature(CmsSigner.Sign(statement, key, clock, Stamp), Expiry(key));
        }
        catch (ArchiveException e)
        {
            string reason = e is TimestampException ? e.Message : $"no time stamp of the signature: {e.Message}";
            return new StampedSignature(CmsSigner.Sign(statement, key, clock), [reason, .. Expiry(key)]);
        }
    }

    /// <summary>A record is signed in any case: what it says is worth having, even where nobody trusts the signature.</summary>
    private string[] Expiry(SigningKey key)
    {
        var (name, until) = (key.Signer.Name, key.Signer.NotAfter);
        var now = clock.GetUtcNow();
        return until < now ? [$"the certificate of {name} ended on {until:u}: nobody will trust this signature; see prov key request"]
            : until - now < EarlyEnough ? [$"the certificate of {name} ends on {until:u}; see prov key request"]
            : [];
    }
}
