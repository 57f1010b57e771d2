namespace Provenance.Runtime.Capturing;

/// <summary>Which of the host's files become the image of a run that had none.</summary>
/// <remarks>There is no mode for none of them: a run is replayed in the image that its record names.</remarks>
public enum PackMode
{
    /// <summary>Those that the job used.</summary>
    Used,

    /// <summary>All files of the packages that own one of those, too: another input may need them.</summary>
    All,
}
