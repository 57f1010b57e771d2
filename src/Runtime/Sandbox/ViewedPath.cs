namespace Provenance.Runtime.Sandbox;

/// <summary>Where a path leads in a container.</summary>
/// <param name="Path">Absolute and free of links, also where its last parts do not exist.</param>
/// <param name="Existing">The deepest part of it that exists.</param>
/// <param name="Node">What stands there.</param>
internal readonly record struct ViewedPath(string Path, string Existing, FileNode Node)
{
    public bool Exists => Node.Exists;
}
