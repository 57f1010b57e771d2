namespace Provenance.Archive.Catalog;

/// <summary>What a file was to a run. The numbers stand in the catalog's column <c>role</c>.</summary>
public enum FileRole
{
    /// <summary>The job could read it.</summary>
    Used = 0,

    /// <summary>The job created or changed it, or deleted it.</summary>
    Generated = 1,

    /// <summary>Standard input.</summary>
    Stdin = 2,

    /// <summary>Standard output.</summary>
    Stdout = 3,

    /// <summary>Standard error.</summary>
    Stderr = 4,

    /// <summary>A file of the host put into the container.</summary>
    Injected = 5,
}
