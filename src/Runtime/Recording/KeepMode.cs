namespace Provenance.Runtime.Recording;

/// <summary>Which contents a recording keeps in the archive; digests are recorded always.</summary>
public enum KeepMode
{
    /// <summary>What the job wrote: files and streams.</summary>
    Outputs,

    /// <summary>The files it could read as well.</summary>
    All,

    None,
}
