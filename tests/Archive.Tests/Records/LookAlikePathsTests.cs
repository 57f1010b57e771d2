using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;
using Xunit;
using SampleArchive = Provenance.Archive.Tests.Catalog.SampleArchive;

namespace Provenance.Archive.Tests.Records;

/// <summary>Names that Unicode holds to be canonically equal are two names, and a reader who may take one for the other is told.</summary>
public sealed class LookAlikePathsTests
{
    private const string Composed = "/work/caf\u00e9.csv";
    private const string Decomposed = "/work/cafe\u0301.csv";

    [Theory]
    [InlineData(Composed, Decomposed, "'/work/caf\\u00e9.csv' and '/work/cafe\\u0301.csv' may look the same and are two paths")]
    [InlineData("/\uac01", "/\u1100\u1161\u11a8", "'/\\uac01' and '/\\u1100\\u1161\\u11a8' may look the same and are two paths")]
    [InlineData("/\u1e69", "/s\u0323\u0307", "'/\\u1e69' and '/s\\u0323\\u0307' may look the same and are two paths")]
    [InlineData("/caf\u00e9", "/caf\u00e8", null)] // both composed: they do not look the same
    [InlineData("/cafe\u0301", "/cafe", null)]
    [InlineData("/work/a", "/work/b", null)]
    [InlineData("/\u65e5\u672c", "/\u65e5\u672c\u8a9e", null)]
    public void They_are_told_with_what_tells_them_apart(string one, string other, string? said)
    {
        var paths = new LookAlikePaths();
        paths.Add(one);
        paths.Add(other);

        Assert.Equal(said is null ? "" : $"; {said}", paths.Describe());
    }

    [Fact]
    public void Further_pairs_are_counted()
    {
        var paths = new LookAlikePaths();
        foreach (string folder in new[] { "a", "b", "c" })
        {
            paths.Add($"/{folder}{Composed}");
            paths.Add($"/{folder}{Decomposed}");
        }

        Assert.EndsWith(" may look the same and are two paths, and 2 more such pairs", paths.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_made_both_has_two_outputs_and_its_verification_says_so()
    {
        using var archive = new SampleArchive();
        byte[] lines = RecordLines.Serialize([Made(archive, Decomposed, "decomposed"), Made(archive, Composed, "composed")]);
        var list = new FileList { Count = 2, TotalBytes = 18, Blob = archive.Blobs.Put(MediaTypes.JsonLines, lines) };
        var run = archive.Accept(1, sample => sample with { Generated = list });

        using var finder = archive.Finder();
        var row = finder.Get(run.Hex);
        var bytes = new RecordVerifier(archive.Blobs, TrustedCertificates.Load(archive.Layout), TimeProvider.System)
            .Verify(row.Record, row.Signature).Checks.Single(check => check.Name == "bytes");

        Assert.Equal(CheckOutcome.Ok, bytes.Outcome);
        Assert.EndsWith("as the record names them; '/work/cafe\\u0301.csv' and '/work/caf\\u00e9.csv' may look the same and are two paths", bytes.Detail, StringComparison.Ordinal);
        var named = finder.FilesByDigest(Digest.Of("composed"u8).Hex);
        Assert.Equal(Composed, Assert.Single(named).Path);
    }

    private static GeneratedFile Made(SampleArchive archive, string path, string content)
    {
        var blob = archive.Blobs.Put(MediaTypes.OctetStream, Encoding.UTF8.GetBytes(content));
        return new GeneratedFile
        {
            Path = path,
            Kind = FileKind.File,
            Change = FileChange.Created,
            Mode = "0644",
            Size = blob.Size,
            Digest = new DigestSet { Sha256 = blob.Digest.Hex, Sha512 = blob.Sha512, Sha1 = new string('1', 40), Md5 = new string('5', 32) },
            Kept = true,
        };
    }
}
