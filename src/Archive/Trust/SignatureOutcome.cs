namespace Provenance.Archive.Trust;

/// <summary>What checking a signature gave. What cannot be judged is kept apart from what is wrong.</summary>
public enum SignatureOutcome
{
    /// <summary>The key of the named certificate signed exactly these bytes.</summary>
    Valid,

    /// <summary>It is no signature of the one form that is allowed.</summary>
    Malformed,

    /// <summary>Its form or its algorithm is none that we know or take: of what it says nothing can be said.</summary>
    Unsupported,

    /// <summary>It is understood, and anybody could have made it: its digest is broken, or its key too short.</summary>
    Weak,

    /// <summary>It is a signature, and not of these bytes by this certificate.</summary>
    Wrong,
}
