namespace Provenance.Runtime.Sandbox;

/// <summary>What stands at a path.</summary>
/// <param name="Kind">Its type.</param>
/// <param name="Target">What a link says; null for all else.</param>
/// <param name="Executable">Whether anybody may execute it.</param>
internal readonly record struct FileNode(FileKind Kind, string? Target = null, bool Executable = false)
{
    public bool Exists => Kind != FileKind.Missing;
}
