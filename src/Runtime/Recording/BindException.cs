namespace Provenance.Runtime.Recording;

/// <summary>A bind mount cannot be made as it was asked for.</summary>
public sealed class BindException(string path, string reason) : RuntimeException($"bind '{path}': {reason}")
{
    public string Path { get; } = path;
}
