namespace Provenance.Archive.Trust;

/// <summary>Why a signature is not taken. Does not leave this folder: the verifier returns it as a fact.</summary>
internal sealed class CmsException(SignatureOutcome outcome, string reason) : ArchiveException($"signature: {reason}")
{
    public SignatureOutcome Outcome { get; } = outcome;

    public string Reason { get; } = reason;
}
