using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Native;
using Provenance.Runtime.Observing;
using Provenance.Runtime.Recording;
using Provenance.Runtime.Recording.Calls;
using Xunit;

namespace Provenance.Runtime.Tests.Recording.Calls;

/// <summary>What calls and two listings come to in a record: calls and listings in, lines out.</summary>
public sealed class RecordedFilesTests : IDisposable
{
    private static readonly Dictionary<string, HashedFile> NothingDeclared = [];

    private readonly TemporaryFolder _folder = new();
    private readonly DigestSpool _spool;

    public RecordedFilesTests() => _spool = new DigestSpool(new BlobStore(new StoreLayout(_folder.Path), Files.SyncFolder));

    /// <summary>What the job does to <c>in</c>, <c>other</c> and <c>/data/ro</c>; what then stands otherwise; who used what; what is the job's.</summary>
    public static TheoryData<string, string, string, string> Jobs => new()
    {
        { "read in", "", "read input in, present input other, present input /data/ro", "" },
        { "read in; write out", "+out", "read input in, present input other, present input /data/ro", "created output out" },
        { "read in; append in", "~in", "read input in, present input other, present input /data/ro", "changed output in" },
        { "write in", "~in", "present input in, present input other, present input /data/ro", "changed output in" },
        { "append in", "~in", "extended input in, present input other, present input /data/ro", "changed output in" },
        { "remove in", "-in", "present input in, present input other, present input /data/ro", "deleted output in" },
        { "rename in new; read new", "-in +new", "read input in, present input other, present input /data/ro", "deleted output in, created output new" },
        // Somebody else wrote to it: it is nobody's output, and what was read of it is not sure.
        { "read in", "~in", "read input in (changed during the run), present input other, present input /data/ro", "" },
        // Its mode was set, which a descriptor for reading is enough for; of what nobody opened it was somebody else.
        { "read in", "%in", "read input in, present input other, present input /data/ro", "changed output in" },
        { "read in", "%other", "read input in, present input other, present input /data/ro", "" },
        { "read /data/ro", "~/data/ro", "present input in, present input other, read input /data/ro (changed during the run)", "" },
        { "read in", "-other", "read input in, present input other, present input /data/ro", "" },
        // No call made it, and yet it is there: better one output too many.
        { "read in", "+new", "read input in, present input other, present input /data/ro", "created output new" },
        { "write tmp; remove tmp", "", "present input in, present input other, present input /data/ro", "created temporary tmp" },
        { "write /tmp/x; read /tmp/x", "", "present input in, present input other, present input /data/ro", "created temporary /tmp/x" },
        { "write /scratch/x", "", "present input in, present input other, present input /data/ro", "created temporary /scratch/x" },
        { "mkdir /tmp/d; write /tmp/d/x", "", "present input in, present input other, present input /data/ro", "created temporary /tmp/d, created temporary /tmp/d/x" },
        { "append /dev/null; append /proc/self/oom_score_adj; write /proc/self/oom_score_adj", "", "present input in, present input other, present input /data/ro", "" },
        { "write __pycache__/m.pyc", "+__pycache__/m.pyc", "present input in, present input other, present input /data/ro", "created cache __pycache__/m.pyc" },
        { "write tmp; rename tmp in", "~in", "present input in, present input other, present input /data/ro", "changed output in, created temporary tmp" },
        { "exec /bin/sh; read /usr/lib/x", "",
            "present input in, present input other, executed image /bin/sh, present input /data/ro, read image /usr/lib/x", "" },
        { "read /etc/passwd; read /home/ada/.rc; read /home/ada/.config/x", "",
            "present input in, present input other, present input /data/ro, read injected /etc/passwd, read configuration /home/ada/.config/x, "
                + "read configuration /home/ada/.rc", "" },
    };

    public void Dispose()
    {
        _spool.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Jobs))]
    public void A_record_says_who_used_and_made_what(string script, string differences, string used, string generated)
    {
        var places = Places();
        var events = new EventScript(
            "in", "other", "/data/ro", "/bin/sh", "/usr/lib/x", "/etc/passwd", "/home/ada/.rc", "/home/ada/.config/x", "/dev/null", "/proc/self/oom_score_adj");
        var before = new FolderScan();
        string[] listed = ["in", "other", "/data/ro"];
        foreach (string file in listed)
            before.Add(ScannedEntry.Of(EventScript.At(file), events.StatusOf(file), null));
        var log = new CallLog(CallLimits.Default, _ => null, _ => { })
        {
            ContentUsed = touched => touched.SetDigests(_spool, ContentHash.PackedOf("content"u8)),
        };
        var changes = ScanComparison.Compare(before, After(before, differences), new FileTime(1000, 0));
        foreach (var observed in events.Play(script))
            log.Add(observed);

        var files = new RecordedFiles(before, changes, log, places, NothingDeclared);
        var known = new Dictionary<string, DigestSet> { ["/bin/sh"] = ContentHash.Of("sh"u8), ["/etc/passwd"] = ContentHash.Of("me"u8) };
        var outputs = files.Changes.Select(change => new HashedOutput(change, null, null, false)).ToList();

        Assert.Equal(Parts(used), Parts(string.Join(", ", files.Used(known).Select(Say))));
        Assert.Equal(generated, string.Join(", ", GeneratedLines.Of(outputs, files.Temporary(), places)
            .Select(file => $"{Word(file.Change)} {Word(file.Class)} {Short(file.Path)}")));
        var paths = files.Used(known).Select(file => file.Path).ToList();
        Assert.Equal(paths.Order(StringComparer.Ordinal), paths);
    }

    [Fact]
    public void A_file_that_nobody_opened_has_no_digest_and_what_is_the_images_has_the_images()
    {
        var events = new EventScript("in", "/bin/sh", "/bin/odd", "/proc/cpuinfo");
        var before = new FolderScan();
        before.Add(ScannedEntry.Of("/work/in", events.StatusOf("in"), null));
        var log = new CallLog(CallLimits.Default, _ => null, _ => { });
        foreach (var observed in events.Play("exec /bin/sh; exec /bin/odd; read /proc/cpuinfo"))
            log.Add(observed);

        var files = new RecordedFiles(before, [], log, Places(), NothingDeclared)
            .Used(new Dictionary<string, DigestSet> { ["/bin/sh"] = ContentHash.Of("sh"u8) })
            .ToDictionary(file => file.Path, StringComparer.Ordinal);

        Assert.Equal((null, "was not read"), (files["/work/in"].Digest, files["/work/in"].NotHashed));
        Assert.Equal(ContentHash.Of("sh"u8), files["/bin/sh"].Digest);
        Assert.Equal("is none of the image's files", files["/bin/odd"].NotHashed);
        Assert.Equal((FileClass.System, "belongs to the kernel", 0L),
            (files["/proc/cpuinfo"].Class, files["/proc/cpuinfo"].NotHashed, files["/proc/cpuinfo"].Size));
    }

    [Fact]
    public void A_job_of_which_not_everything_was_seen_is_believed_to_have_made_every_change()
    {
        var events = new EventScript("in");
        var before = new FolderScan();
        before.Add(ScannedEntry.Of("/work/in", events.StatusOf("in"), null));
        var changes = ScanComparison.Compare(before, After(before, "~in"), new FileTime(1000, 0));
        var log = new CallLog(CallLimits.Default, _ => null, _ => { });
        log.Add(new ObservedLoss { Process = 0, Sentence = "what process 1 did after its memory could not be read" });

        var files = new RecordedFiles(before, changes, log, Places(), NothingDeclared);

        Assert.Equal("/work/in", Assert.Single(files.Changes).Path);
        Assert.Empty(files.DisturbedPaths);
    }

    /// <summary>Work is kept below a folder of any name: were that asked, nothing of it would be compared when it is replayed.</summary>
    [Theory]
    [InlineData("/home/ada/.cache/demo/out.txt", FileClass.Output)]
    [InlineData("/home/ada/.cache/demo/sub/out.txt", FileClass.Output)]
    [InlineData("/home/ada/.cache/demo/__pycache__/m.pyc", FileClass.Cache)]
    [InlineData("/home/ada/.cache/demo/.cache/x", FileClass.Cache)]
    [InlineData("/home/ada/.cache/other", FileClass.Cache)]
    [InlineData("/data/.cache/set/out.txt", FileClass.Output)]
    [InlineData("/home/ada/.local/share/octave/history", FileClass.Configuration)]
    [InlineData("/home/ada/.python_history", FileClass.Configuration)]
    [InlineData("/home/ada/.local/bin/tool", FileClass.Output)]
    [InlineData("/home/ada/results/a.csv", FileClass.Output)]
    public void What_a_cache_is_does_not_hang_on_the_folders_above_the_work(string path, FileClass expected)
    {
        var home = new Mount { Kind = "bind", Source = "/home/ada", Destination = "/home/ada", ReadOnly = false, Purpose = "home", IsFile = false };
        var data = home with { Source = "/srv/set", Destination = "/data/.cache/set", Purpose = "bind" };
        Assert.Equal(expected, new PathPlaces([home, data], [], "/home/ada", "/home/ada/.cache/demo").ClassOfGenerated(path));
    }

    private static PathPlaces Places() => new(
        [Mount("bind", "/work", false), Mount("bind", "/data", true), Mount("tmpfs", "/scratch", false), Mount("bind", "/home/ada", true)],
        ["/etc/passwd"], "/home/ada", "/work");

    private static Mount Mount(string kind, string place, bool readOnly) => new()
    {
        Kind = kind,
        Source = kind == "bind" ? place : null,
        Destination = place,
        ReadOnly = readOnly,
        Purpose = place.StartsWith("/home", StringComparison.Ordinal) ? "home" : "bind",
        IsFile = false,
    };

    /// <summary><c>+new</c>, <c>~changed</c> and <c>-gone</c>.</summary>
    private static FolderScan After(FolderScan before, string differences)
    {
        var after = new FolderScan();
        string[] words = differences.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var gone = words.Where(word => word[0] == '-').Select(word => EventScript.At(word[1..])).ToList();
        foreach (var entry in before.Entries.Where(entry => !gone.Contains(entry.Path)))
        {
            bool changed = words.Any(word => word[0] == '~' && EventScript.At(word[1..]) == entry.Path);
            bool set = words.Any(word => word[0] == '%' && EventScript.At(word[1..]) == entry.Path);
            after.Add(changed ? entry with { Modified = new FileTime(2000, 0), Changed = new FileTime(2000, 0) }
                : set ? entry with { Mode = 0x1ED, Changed = new FileTime(2000, 0) }
                : entry);
        }

        foreach (string word in words.Where(word => word[0] == '+'))
            after.Add(new ScannedEntry { Path = EventScript.At(word[1..]), Kind = FileKind.File, Mode = 0x1A4, Changed = new FileTime(2000, 0) });
        return after;
    }

    private static string[] Parts(string text) => [.. text.Split(", ").Order(StringComparer.Ordinal)];

    private static string Say(UsedFile file)
    {
        string reason = file.NotHashed is { } text && text.StartsWith("changed", StringComparison.Ordinal) ? $" ({text})" : "";
        return $"{Word(file.Use)} {Word(file.Class)} {Short(file.Path)}{reason}";
    }

    private static string Word<T>(T? value)
        where T : struct, Enum => value?.ToString().ToLowerInvariant() ?? "";

    private static string Word(FileChange change) => change.ToString().ToLowerInvariant();

    private static string Short(string path) => path.Replace("/work/", "", StringComparison.Ordinal);
}
