namespace Provenance.Archive.Lineage;

/// <summary>Which way a lineage is followed.</summary>
public enum LineageDirection
{
    /// <summary>To the runs that made what a run used, and on to the sources.</summary>
    Up,

    /// <summary>To the runs that used what a run made.</summary>
    Down,
}
