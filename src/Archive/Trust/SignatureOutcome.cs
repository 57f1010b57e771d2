namespace Provenance.Archive.Trust;

/// <summary>What checking a signature gave. What cannot be judged is kept apart from what is wrong.</summary>
public enum SignatureOutcome
{
    /// <summary>The key of the named certificate signed exactly these bytes.</summary>
    Valid,

    /// <summary>It is no signature of the one form that is allowed.</summary>
    Malformed,

    /// <summary>Its algorithm, or the strength of its key, is not one we accept.</summary>
    Unsupported,

    /// <summary>It is a signature, and not of these bytes by this certificate.</summary>
    Wrong,
}
