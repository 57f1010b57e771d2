using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Lineage;
using Provenance.Archive.Tests.Records;
using Xunit;

namespace Provenance.Archive.Tests.Lineage;

/// <summary>Which run an input is said to come from.</summary>
public sealed class LinkRulesTests
{
    private static readonly LineageFile Input = File("user", "/work/data.csv", 100, start: 60, end: 70, FileRole.Used);

    public static TheoryData<string, int, int, string, bool> Pairs => new()
    {
        // path of the maker's file, minute it ended, size of both, what the case is, whether it links
        { "/work/data.csv", 60, 100, "ended when the other began", true },
        { "/work/data.csv", 61, 100, "ended later", false },
        { "/other/name.csv", 10, 100, "another path and name", true },
        { "/other/name.csv", 10, LinkRules.SmallBytes + 1, "just large enough for another name", true },
        { "/other/name.csv", 10, LinkRules.SmallBytes, "small and of another name", false },
        { "/other/data.csv", 10, LinkRules.SmallBytes, "small and of the same name", true },
        { "stdout", 10, 100, "what a run printed", true },
        { "stdout", 10, 5, "a word that a run printed", false },
        { "/work/data.csv", 10, 1, "one byte of the same name", true },
        { "/work/data.csv", 10, 0, "an empty file", false },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void An_input_links_to_what_can_be_its_origin(string path, int ended, int size, string because, bool links)
    {
        var made = File("maker", path, size, start: 0, end: ended, FileRole.Generated);

        Assert.True(links == LinkRules.MayLink(made, Input with { Size = size }), because);
    }

    [Fact]
    public void Other_bytes_unknown_bytes_and_the_run_itself_do_not_link()
    {
        var made = File("maker", Input.Path, 100, 0, 10, FileRole.Generated);

        Assert.False(LinkRules.MayLink(made with { Sha256 = Digest.Of("other"u8) }, Input));
        Assert.False(LinkRules.MayLink(made with { Sha256 = null }, Input with { Sha256 = null }));
        Assert.False(LinkRules.MayLink(made with { Run = Input.Run }, Input));
    }

    [Fact]
    public void The_same_path_comes_before_the_same_name_and_that_before_the_latest()
    {
        var path = File("path", "/work/data.csv", 100, 0, 10, FileRole.Generated);
        var name = File("name", "/elsewhere/data.csv", 100, 0, 20, FileRole.Generated);
        var older = File("older", "/elsewhere/y.csv", 100, 0, 30, FileRole.Generated);
        var latest = File("latest", "/elsewhere/x.csv", 100, 0, 40, FileRole.Generated);
        var tooLate = File("too late", "/work/data.csv", 100, 0, 65, FileRole.Generated);

        Assert.Equal(path.Run, LinkRules.Choose([tooLate, latest, older, name, path], Input)!.Made.Run);
        Assert.Equal(name.Run, LinkRules.Choose([tooLate, latest, older, name], Input)!.Made.Run);
        Assert.Equal(latest.Run, LinkRules.Choose([tooLate, older, latest], Input)!.Made.Run);
        Assert.Null(LinkRules.Choose([tooLate], Input));
        Assert.Equal([latest.Run, older.Run, name.Run], LinkRules.Choose([path, older, name, tooLate, latest], Input)!.Alternatives);
    }

    [Fact]
    public void Of_two_files_at_the_same_path_the_one_made_last_is_it()
    {
        var first = File("first", Input.Path, 100, 0, 10, FileRole.Generated);
        var second = File("second", Input.Path, 100, 20, 30, FileRole.Generated);

        var link = LinkRules.Choose([first, second], Input)!;

        Assert.Equal(second.Run, link.Made.Run);
        Assert.Equal([first.Run], link.Alternatives);
    }

    private static LineageFile File(string run, string path, long size, int start, int end, FileRole role) => new()
    {
        Run = Digest.Of(System.Text.Encoding.UTF8.GetBytes(run)),
        StartedAt = RecordSamples.Start.AddMinutes(start),
        EndedAt = RecordSamples.Start.AddMinutes(end),
        Role = role,
        Path = path,
        Sha256 = Digest.Of("content"u8),
        Size = size,
    };
}
