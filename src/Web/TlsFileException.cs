namespace Provenance.Web;

/// <summary>A certificate or its key cannot be served with.</summary>
/// <param name="path">The file.</param>
/// <param name="reason">What is wrong with it.</param>
/// <param name="cause">As the platform says it.</param>
public sealed class TlsFileException(string path, string reason, Exception? cause = null) : Exception($"'{path}': {reason}", cause)
{
    public string Path { get; } = path;
}
