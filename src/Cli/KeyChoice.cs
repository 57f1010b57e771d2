using Provenance.Archive.Trust;

namespace Provenance.Cli;

/// <summary>Finds one of the archive's keys by the first digits of its certificate's fingerprint.</summary>
internal static class KeyChoice
{
    /// <exception cref="UsageException">None begins so, or more than one.</exception>
    public static StoredKey Of(IReadOnlyList<StoredKey> keys, string prefix)
    {
        var found = keys.Where(key => key.Signer.Fingerprint.Hex.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        return found switch
        {
            [var one] => one,
            [] => throw new UsageException($"key '{prefix}': not in this archive"),
            _ => throw new UsageException(
                $"key '{prefix}': ambiguous, may be {string.Join(", ", found.Select(key => key.Signer.Fingerprint.Hex[..16]))}"),
        };
    }
}
