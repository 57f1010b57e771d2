using Provenance.Archive.Content;
using Provenance.Archive.Trust;

namespace Provenance.Runtime.Recording;

/// <summary>A run's record does not hold, or nobody here vouches for who signed it: it is not repeated.</summary>
/// <param name="what">The run, as it was named.</param>
/// <param name="verification">What was found.</param>
/// <param name="failed">The first fact that does not hold.</param>
/// <param name="record">Null for a statement that is not in the archive.</param>
public sealed class NotVerifiedException(string what, RecordVerification verification, VerificationCheck failed, Digest? record = null)
    : RuntimeException($"{what}: does not verify: {failed.Name}: {failed.Detail}")
{
    /// <summary>Whether nothing is wrong but that its signer is not trusted here.</summary>
    public bool IsTrust => verification.Verdict == VerificationVerdict.Untrusted;

    public Digest? Record => record;
}
