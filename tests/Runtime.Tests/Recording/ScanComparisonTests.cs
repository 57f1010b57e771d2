using Provenance.Archive.Records;
using Provenance.Runtime.Native;
using Provenance.Runtime.Recording;
using Xunit;

namespace Provenance.Runtime.Tests.Recording;

/// <summary>What counts as created, changed and deleted between two scans.</summary>
public sealed class ScanComparisonTests
{
    private static readonly FileTime Start = new(1000, 500);

    /// <summary>What happens to a file, and what is said of it; empty for nothing.</summary>
    public static TheoryData<string, string> Rows => new()
    {
        { "nothing", "" },
        { "longer", "changed" },
        { "other inode", "changed" },
        { "other file system", "changed" },
        { "written", "changed" },
        { "status changed", "changed, status only" },
        { "written back in time", "changed" },
        { "other mode", "changed" },
        { "now a folder", "changed" },
        { "gone", "deleted" },
        { "new", "created" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Files(string what, string expected)
    {
        var file = Entry("/work/a");
        ScannedEntry? after = what switch
        {
            "nothing" => file,
            "longer" => file with { Size = 8 },
            "other inode" => file with { Inode = 8 },
            "other file system" => file with { FileSystem = 8 },
            "written" => file with { Modified = new FileTime(1001, 0), Changed = new FileTime(1001, 0) },
            "status changed" => file with { Changed = new FileTime(1001, 0) },
            "written back in time" => file with { Modified = new FileTime(1, 0), Changed = new FileTime(1001, 0) },
            "other mode" => file with { Mode = 0x1ED, Changed = new FileTime(1001, 0) },
            "now a folder" => file with { Kind = FileKind.Folder },
            "gone" => null,
            _ => file,
        };
        Assert.Equal(expected, Say(ScanComparison.Compare(Scan(what == "new" ? null : file), Scan(after), Start)));
    }

    [Fact]
    public void A_folder_is_not_changed_by_what_happens_in_it()
    {
        var folder = Entry("/work/d") with { Kind = FileKind.Folder };
        var later = folder with { Modified = new FileTime(2000, 0), Changed = new FileTime(2000, 0) };
        Assert.Empty(ScanComparison.Compare(Scan(folder), Scan(later), Start));
    }

    [Fact]
    public void A_link_is_changed_by_its_target_and_not_by_being_made_again()
    {
        var link = Entry("/work/l") with { Kind = FileKind.Link, Target = "a" };
        Assert.Empty(ScanComparison.Compare(Scan(link), Scan(link with { Inode = 9, Changed = new FileTime(2000, 0) }), Start));
        Assert.Equal("changed", Say(ScanComparison.Compare(Scan(link), Scan(link with { Target = "b" }), Start)));
    }

    [Fact]
    public void Changes_stand_in_ordinal_order_of_their_paths() => Assert.Equal(
        ["/work/B", "/work/a", "/work/a-b", "/work/a/b"],
        ScanComparison.Compare(Scan(Entry("/work/a-b"), Entry("/work/B")), Scan(Entry("/work/a/b"), Entry("/work/a")), Start)
            .Select(change => change.Path));

    [Theory]
    [InlineData(1000, 499, false)]
    [InlineData(1000, 500, true)]
    [InlineData(999, 999, false)]
    [InlineData(1001, 0, true)]
    public void Of_what_a_cut_scan_lacked_only_what_changed_since_the_start_is_new(long seconds, int nanoseconds, bool isNew)
    {
        var before = Scan();
        before.IsTruncated = true;
        var entry = Entry("/work/a") with { Changed = new FileTime(seconds, nanoseconds) };
        Assert.Equal(isNew ? "created" : "", Say(ScanComparison.Compare(before, Scan(entry), Start)));
    }

    [Fact]
    public void What_a_cut_scan_does_not_reach_is_not_called_deleted()
    {
        var after = Scan();
        after.IsTruncated = true;
        Assert.Empty(ScanComparison.Compare(Scan(Entry("/work/a")), after, Start));
    }

    private static string Say(IReadOnlyList<ScanChange> changes) => string.Join(
        "; ", changes.Select(change => change.Change.ToString().ToLowerInvariant() + (change.IsStatusOnly ? ", status only" : "")));

    private static ScannedEntry Entry(string path) => new()
    {
        Path = path,
        Kind = FileKind.File,
        Mode = 0x1A4,
        Size = 7,
        Inode = 7,
        FileSystem = 7,
        Modified = new FileTime(900, 0),
        Changed = new FileTime(900, 0),
    };

    private static FolderScan Scan(params ScannedEntry?[] entries)
    {
        var scan = new FolderScan();
        foreach (var entry in entries.OfType<ScannedEntry>())
            scan.Add(entry);
        return scan;
    }
}
