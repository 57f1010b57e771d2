namespace Provenance.Archive.Catalog;

/// <summary>How a try to sequence ended.</summary>
public enum SequencingOutcome
{
    /// <summary>Log and catalog hold all that could be taken.</summary>
    Done,

    /// <summary>Another process holds the lock, and will see to it.</summary>
    Busy,

    /// <summary>The archive, its lock or its catalog cannot be written; the records stay where they are safe.</summary>
    Unable,
}
