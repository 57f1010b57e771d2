using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Tests.Compatibility;
using Provenance.Runtime.Recording;
using Provenance.Runtime.Tests.Analysis;
using Xunit;
using FileKind = Provenance.Archive.Records.FileKind;

namespace Provenance.Runtime.Tests.Recording;

/// <summary>Which paths of a record may be laid out.</summary>
public sealed class RecordedPathsTests
{
    /// <summary>The used files, each a letter for its kind and a path, in two mounts: <c>/w</c>, and the file <c>/one</c>.</summary>
    [Theory]
    [InlineData("f:/w/..y f:/w/.x F:/w/a l:/w/b f:/w/b-c f:/w/d")]
    [InlineData("f:/one f:/w/a")]
    [InlineData("l:/bin f:/bin/sh f:/proc/../x l:/w/a")]
    public void Genuine(string used) => RecordedPaths.Check(Run(used));

    [Theory]
    [InlineData("f:/w/../x", "file '/w/../x': is no absolute path")]
    [InlineData("f:/w/./x", "file '/w/./x': is no absolute path")]
    [InlineData("f:/w//x", "file '/w//x': is no absolute path")]
    [InlineData("f:/w/x/", "file '/w/x/': is no absolute path")]
    [InlineData("f:/w/x\0", "file '/w/x\0': is no absolute path")]
    [InlineData("l:/w/a f:/w/a/keys", "file '/w/a/keys': lies in '/w/a', which is a link")]
    [InlineData("l:/w/a F:/w/a/b f:/w/a/b/keys", "file '/w/a/b': lies in '/w/a', which is a link")]
    [InlineData("l:/w/a f:/w/a-b f:/w/a/b", "file '/w/a/b': lies in '/w/a', which is a link")]
    [InlineData("s:/w/a f:/w/a/b", "file '/w/a/b': lies in '/w/a', which is a socket")]
    [InlineData("f:/w/a f:/w/a/b", "file '/w/a/b': lies in '/w/a', which is a file")]
    [InlineData("l:/w", "mount '/w': a link stands there")]
    [InlineData("l:/one", "mount '/one': a link stands there")]
    [InlineData("f:/one/x", "file '/one/x': lies in '/one', which is no folder")]
    [InlineData("f:/w/b f:/w/a", "file '/w/a': stands after '/w/b'")]
    [InlineData("f:/w/a f:/w/a", "file '/w/a': stands after '/w/a'")]
    [InlineData("f:/x f:/x", "file '/x': stands after '/x'")]
    public void Refused(string used, string expected)
    {
        var run = Run(used);
        Assert.StartsWith(
            $"run '{run.Id.Abbreviated}': {expected}", Assert.Throws<RecordingException>(() => RecordedPaths.Check(run)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("f:/w/a f:/w/b", "/w/b", "/w/a", null)]
    [InlineData("f:/one f:/w/b", "/w/b", "/one", null)]
    [InlineData("f:/w/a f:/w/b", "/w/b", "/w/c", "/w/b")]
    [InlineData("f:/w/a f:/w/b", "/w/a", "/w/b", "/w/a")]
    [InlineData("f:/w/a f:/w/b", "/w/a", "/w/a", "/w/a")]
    [InlineData("l:/w/a f:/w/b", "/w/b", "/w/a", "/w/b")]
    [InlineData("f:/w/a F:/w/b", "/w/b", "/w/a", "/w/b")]
    [InlineData("f:/etc/passwd f:/w/b", "/w/b", "/etc/passwd", "/w/b")]
    [InlineData("f:/bin/sh f:/etc/passwd f:/w/b", "/etc/passwd", "/bin/sh", "/etc/passwd")]
    public void Further_names_lead_to_a_file_before_them(string used, string path, string first, string? refused)
    {
        var run = Run(used);
        run = run with { Used = [.. run.Used.Select(file => file.Path == path ? file with { LinkedTo = first } : file)] };
        if (refused is null)
        {
            RecordedPaths.Check(run);
            return;
        }

        Assert.Equal(
            $"run '{run.Id.Abbreviated}': file '{refused}': is named as another name of '{first}', which is no file in a mount before it",
            Assert.Throws<RecordingException>(() => RecordedPaths.Check(run)).Message);
    }

    [Theory]
    [InlineData("/w/../etc", "/home")]
    [InlineData("w", "/home")]
    [InlineData("/w", "/home/../etc")]
    [InlineData("/w", null)]
    public void Mounts_refused(string destination, string? source) =>
        Assert.Throws<RecordingException>(() => RecordedPaths.Check(Run("", Bind(destination, source, isFile: false))));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Sizes_refused(long size) => Assert.Throws<RecordingException>(() => RecordedPaths.Check(
        Run("", Bind("/scratch", null, isFile: false) with { Kind = "tmpfs", SizeBytes = size })));

    [Fact]
    public void Outputs_refused()
    {
        var made = new GeneratedFile { Path = "/w/../x", Kind = FileKind.File, Change = FileChange.Created, Size = 0, Kept = false };
        Assert.Throws<RecordingException>(() => RecordedPaths.Check(Run("") with { Generated = [made] }));
        Assert.Throws<RecordingException>(() => RecordedPaths.Check(Run("") with { Generated = [made with { Path = "/x" }, made with { Path = "/x" }] }));
    }

    private static Mount Bind(string destination, string? source, bool isFile) => new()
    {
        Kind = "bind",
        Source = source,
        Destination = destination,
        ReadOnly = false,
        Purpose = "bind",
        IsFile = isFile,
    };

    private static RecordedRun Run(string used, params Mount[] more) => new()
    {
        Id = Digest.Of([]),
        Record = RunSamples.RunOn(CorpusCpu.Recorded) with { Mounts = [Bind("/one", "/home/one", isFile: true), Bind("/w", "/home/w", isFile: false), .. more] },
        Used = [.. used.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Used)],
        Generated = [],
    };

    private static UsedFile Used(string text) => new()
    {
        Path = text[2..],
        Kind = text[0] switch
        {
            'F' => FileKind.Folder,
            'l' => FileKind.Link,
            's' => FileKind.Socket,
            _ => FileKind.File,
        },
        Mode = "0644",
        Size = 0,
        Kept = false,
    };
}
