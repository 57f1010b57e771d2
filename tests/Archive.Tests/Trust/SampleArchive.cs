using System.Text;
using Microsoft.Extensions.Time.Testing;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Records;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Tests.Trust;

/// <summary>An archive with a key of its own, that goes away with the test.</summary>
internal sealed class SampleArchive : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SampleArchive()
    {
        Blobs = new BlobStore(new StoreLayout(_folder.Path), _ => { });
        Key = new KeyStore(Blobs.Layout, _ => { }, new FakeTimeProvider(TestCertificates.Now)).Create("Ada");
    }

    public BlobStore Blobs { get; }

    public SigningKey Key { get; }

    public void Dispose()
    {
        Key.Dispose();
        _folder.Dispose();
    }

    /// <summary>A run whose every blob is in the archive, one of them named only by its list of generated files.</summary>
    public byte[] KeepRun()
    {
        byte[] image = RecordJson.Serialize(RecordSamples.Image());
        foreach (string content in new[] { "manifest", "index", "config", "layer", "tree", "in", "out", "err", "kept output", "sought", "executed", "packages" })
        {
            Blobs.Put(MediaTypes.OctetStream, Encoding.UTF8.GetBytes(content));
        }

        var generated = new GeneratedFile
        {
            Path = "/work/a.csv",
            Kind = FileKind.File,
            Change = FileChange.Created,
            Mode = "0644",
            Size = 11,
            Digest = RecordSamples.DigestsOf("kept output"),
            Kept = true,
        };
        var run = RecordSamples.RunPredicate();
        return RecordJson.Serialize(RecordSamples.Run(run with
        {
            Image = run.Image with { Record = Blobs.Put(MediaTypes.Statement, image).Digest },
            Used = new FileList { Count = 0, TotalBytes = 0 },
            Generated = new FileList
            {
                Count = 1,
                TotalBytes = 11,
                Blob = Blobs.Put(MediaTypes.JsonLines, RecordLines.Serialize(generated)),
            },
        }));
    }

    public (Digest Record, Digest Signature) Sign(byte[] statement) => (
        Blobs.Put(MediaTypes.Statement, statement).Digest,
        Blobs.Put(MediaTypes.CmsSignature, CmsSigner.Sign(statement, Key, new FakeTimeProvider(TestCertificates.Now))).Digest);
}
