namespace Provenance.Runtime.Rootfs;

/// <summary>A file is not what it was when the folder was looked through.</summary>
/// <param name="path">Relative to the folder.</param>
/// <param name="message">Names the folder, too.</param>
public sealed class FileChangedException(string path, string message) : RuntimeException(message)
{
    public string Path { get; } = path;
}
