namespace Provenance.Runtime.Capturing;

/// <summary>Whose a file of the host is, when a job that had no image used it.</summary>
internal enum CapturePlace
{
    /// <summary>The user's: it stays an input of the run.</summary>
    Input,

    /// <summary>Of the system, or of an environment that the user has installed: it goes into the image.</summary>
    Image,

    /// <summary>The kernel's, and what the sandbox makes anew each time: nobody packs it.</summary>
    Provided,

    /// <summary>It holds secrets, or says who this machine is: it is never packed, and that is said.</summary>
    Private,
}
