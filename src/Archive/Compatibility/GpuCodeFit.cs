namespace Provenance.Archive.Compatibility;

/// <summary>Whether the driver of a GPU finds something in a fat binary that runs on it; the worst first.</summary>
internal enum GpuCodeFit
{
    /// <summary>Nothing in it is for this GPU.</summary>
    None,

    /// <summary>There is only PTX for it, in a newer version than the driver compiles.</summary>
    PtxTooNew,

    /// <summary>Machine code, or PTX that the driver compiles.</summary>
    Runs,
}
