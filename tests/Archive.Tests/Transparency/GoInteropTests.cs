using Provenance.Archive.Transparency;
using Xunit;

namespace Provenance.Archive.Tests.Transparency;

/// <summary>An implementation that is not ours, and is what C2SP's formats were written from, reads what we write: golang.org/x/mod/sumdb.</summary>
public sealed class GoInteropTests : IDisposable
{
    /// <summary>Where Debian's golang-golang-x-mod-dev is.</summary>
    private const string GoPath = "/usr/share/gocode";

    private readonly SampleLog _sample = new(entries: 3);
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        _sample.Dispose();
    }

    [Fact]
    public void Go_verifies_checkpoint_growth_every_entry_and_a_proof_and_notices_a_flipped_tile()
    {
        Tool.Require("go");
        Assert.SkipUnless(Directory.Exists($"{GoPath}/src/golang.org/x/mod/sumdb"), "golang-golang-x-mod-dev is not installed");
        _sample.Append(297);
        byte[] older = _sample.Now.ToBytes();
        _sample.Append(400);
        _sample.TrustWitness();
        new CheckpointCosigner(_sample.Layout, SampleLog.Sync).Take(_sample.Cosign(_sample.Now).ToBytes());
        File.WriteAllBytes(Path.Combine(_folder.Path, "older"), older);
        File.WriteAllBytes(Path.Combine(_folder.Path, "proof"), new LogProofs(_sample.Layout, SampleLog.Sync).Make(513).ToBytes());

        Assert.Equal((0, "700 entries, grown from 300, entry 513 proved\n"), Run());
        _sample.Flip("tile/0/001", 4000);
        var (status, output) = Run();
        Assert.NotEqual(0, status);
        Assert.Contains("invalid transparency proof", output, StringComparison.Ordinal);
    }

    private (int Status, string Output) Run() => Tool.Run(
        _folder.Path,
        "env", "GO111MODULE=off", $"GOPATH={GoPath}", $"GOCACHE={Path.Combine(_folder.Path, "cache")}",
        "go", "run", Path.Combine(RepositoryFolder.Root, "tests", "Archive.Tests", "Transparency", "interop", "verify.go"),
        _sample.Layout.Log, _sample.PathOf("vkey"), "older", "proof");
}
