using Provenance.Archive.Trust;

namespace Provenance.Cli;

/// <summary>Finds a key or a certificate by the first digits of the certificate's fingerprint.</summary>
internal static class KeyChoice
{
    /// <exception cref="UsageException">None of the archive's keys begins so, or more than one.</exception>
    public static StoredKey Of(IReadOnlyList<StoredKey> keys, string prefix)
    {
        var chosen = Of(keys.Select(key => key.Signer), prefix, $"key '{prefix}': not in this archive");
        return keys.First(key => key.Signer.Fingerprint == chosen.Fingerprint);
    }

    /// <param name="certificates">Among which it is looked for; one may stand there twice.</param>
    /// <param name="prefix">What a person typed.</param>
    /// <param name="absent">What is said when there is none.</param>
    /// <exception cref="UsageException">None begins so, or more than one.</exception>
    public static SignerCertificate Of(IEnumerable<SignerCertificate> certificates, string prefix, string absent)
    {
        var found = certificates.DistinctBy(one => one.Fingerprint)
            .Where(one => one.Fingerprint.Hex.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        return found switch
        {
            [var one] => one,
            [] => throw new UsageException(absent),
            _ => throw new UsageException($"key '{prefix}': ambiguous, may be {string.Join(", ", found.Select(one => one.Fingerprint.Hex[..16]))}"),
        };
    }
}
