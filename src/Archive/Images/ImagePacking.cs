namespace Provenance.Archive.Images;

/// <summary>The forms in which an image is handed over.</summary>
public enum ImagePacking
{
    /// <summary>A tar made by <c>docker save</c>, of any age.</summary>
    DockerArchive,

    /// <summary>A folder in OCI image layout.</summary>
    OciLayout,

    /// <summary>A tar of an OCI image layout.</summary>
    OciArchive,

    /// <summary>A tar of a root file system.</summary>
    RootfsTar,

    /// <summary>A plain folder that is a root file system.</summary>
    Folder,
}
