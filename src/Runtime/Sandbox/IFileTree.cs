namespace Provenance.Runtime.Sandbox;

/// <summary>The files that a mount plan is computed from: the host's, or a table in a test.</summary>
internal interface IFileTree
{
    /// <summary>What stands at an absolute path, its last link not followed.</summary>
    FileNode Look(string path);

    /// <summary>Whether the caller may write to a file.</summary>
    bool CanWrite(string path);

    /// <summary>Names in a folder, sorted.</summary>
    IReadOnlyList<string> List(string path);
}
