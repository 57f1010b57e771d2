namespace Provenance.Archive.Transparency;

/// <summary>What became of a proof that was to be kept.</summary>
public enum OriginOutcome
{
    Kept,

    AlreadyPresent,

    /// <summary>The record has as many as are kept of one, and this one says no more than they.</summary>
    NoRoom,
}
