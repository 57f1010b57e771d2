using System.Security.Cryptography.X509Certificates;

namespace Provenance.Archive.Trust;

/// <summary>What a certificate, and each that vouches for it, must be good for.</summary>
/// <param name="At">The time for which is judged.</param>
/// <param name="Problem">Why a certificate was not good then for another reason than its dates, such as that it was revoked; null when it was.</param>
/// <param name="Purpose">Object identifier of an extended key usage that the whole chain must allow; null for any.</param>
internal sealed record ChainDemands(DateTimeOffset At, Func<X509Certificate2, string?> Problem, string? Purpose = null);
