namespace Provenance.Archive.Tests;

/// <summary>A folder that goes away with the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("prov-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
