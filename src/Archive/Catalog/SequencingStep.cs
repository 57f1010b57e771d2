namespace Provenance.Archive.Catalog;

/// <summary>The moments between which a writer may die. Tests die at each.</summary>
internal enum SequencingStep
{
    /// <summary>The blobs are durable; nothing is acknowledged.</summary>
    Kept,

    /// <summary>The file in incoming/ is durable: acknowledged.</summary>
    Acknowledged,

    /// <summary>The catalog holds all of the log.</summary>
    CaughtUp,

    /// <summary>The log holds the new entries, the catalog does not.</summary>
    Appended,

    /// <summary>The catalog holds them too, and the files in incoming/ still stand.</summary>
    Indexed,

    /// <summary>One file in incoming/ is deleted.</summary>
    Removed,
}
