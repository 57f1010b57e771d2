namespace Provenance.Archive.Compatibility;

/// <summary>Which of the two questions a rule is about.</summary>
internal enum Concern
{
    /// <summary>Whether the job starts and comes to its end.</summary>
    Runs,

    /// <summary>Whether it may be expected to give the same numbers.</summary>
    SameResults,
}
