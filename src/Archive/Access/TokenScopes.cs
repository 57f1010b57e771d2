namespace Provenance.Archive.Access;

/// <summary>What a token allows.</summary>
[Flags]
public enum TokenScopes
{
    None = 0,

    /// <summary>To read what is restricted to its owner.</summary>
    Read = 1,

    /// <summary>To send records and images, which are its owner's then.</summary>
    Push = 2,

    /// <summary>To read and remove everything.</summary>
    Admin = 4,
}
