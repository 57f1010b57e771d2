using Provenance.Archive.Records;
using Provenance.Runtime.Observing;
using Provenance.Runtime.Recording.Calls;
using Xunit;
using FileAccess = Provenance.Runtime.Observing.FileAccess;

namespace Provenance.Runtime.Tests.Recording.Calls;

/// <summary>What single calls come to: which inputs were used, whatever they were called by then, and what is the job's own.</summary>
public sealed class CallLogTests
{
    /// <summary>What the job does, with <c>in</c>, <c>old</c> and <c>dir/x</c> standing there before; what it used; what it looked for in vain.</summary>
    public static TheoryData<string, string, string> Jobs => new()
    {
        { "read in", "read in", "" },
        { "read in; read in", "read in", "" },
        { "exec in", "executed in", "" },
        { "read in; exec in", "executed in", "" },
        { "exec in; read in", "executed in", "" },
        { "list dir", "", "" },
        { "chmod in", "", "" },
        { "read no; read no; exec no", "", "no×3" },
        { "write out; read out", "", "" },
        { "write out; remove out; read out", "", "" },
        { "append out; append out; read out", "", "" },
        { "write in; read in", "", "" },
        { "empty in; read in", "", "" },
        { "append in", "extended in", "" },
        { "append in; read in", "read in", "" },
        { "update in", "read in", "" },
        { "read in; write in; read in", "read in", "" },
        { "remove in; write in; read in", "", "" },
        { "remove in", "", "" },
        { "rename in new; read new", "read in", "" },
        { "rename in new; write in; read in", "", "" },
        { "rename in new; write new; read new", "", "" },
        { "rename in new; append new", "extended in", "" },
        { "rename in new; rename new newer; read newer", "read in", "" },
        { "write tmp; rename tmp in; read in", "", "" },
        { "rename in old; read old", "read in", "" },
        { "link in new; remove in; read new", "read in", "" },
        { "link in new; write new; read in", "read in", "" },
        { "rename dir moved; read moved/x", "read dir/x", "" },
        { "rename dir moved; rename moved again; read again/x", "read dir/x", "" },
        { "rename dir moved; write moved/y; read moved/y", "", "" },
        { "mkdir made; write made/x; rename made moved; read moved/x", "", "" },
        { "read /usr/lib/libc.so.6; exec /bin/sh", "executed /bin/sh, read /usr/lib/libc.so.6", "" },
        { "read /proc/17/task/18/stat; read /proc/20/task/21/stat", "", "/proc/PID/task/TID/stat×2" },
    };

    [Theory]
    [MemberData(nameof(Jobs))]
    public void A_job_used_what_stood_there_before_it(string script, string used, string sought)
    {
        var log = new CallLog(CallLimits.Default, path => path, _ => { });
        var events = new EventScript("in", "old", "dir/", "dir/x", "/usr/lib/libc.so.6", "/bin/sh");

        foreach (var observed in events.Play(script))
            log.Add(observed);

        Assert.Equal(used, string.Join(", ", log.Paths.Values
            .Where(touched => touched.Stood && touched.Use != FileUse.Present)
            .Select(touched => $"{touched.Use.ToString().ToLowerInvariant()} {Short(touched.Path)}")
            .Order(StringComparer.Ordinal)));
        Assert.Equal(sought, string.Join(", ", log.Sought.Select(pair => $"{Short(pair.Key)}×{pair.Value}")));
    }

    [Fact]
    public void Each_content_is_asked_for_once_where_it_stands_by_then()
    {
        var asked = new List<string>();
        var log = new CallLog(CallLimits.Default, path => path, _ => { })
        {
            ContentUsed = touched => asked.Add($"{Short(touched.Path)} at {Short(touched.MovedTo ?? touched.Path)}"),
        };

        foreach (var observed in new EventScript("in", "old").Play("read in; read in; exec in; rename old new; read new; write x; read x"))
            log.Add(observed);

        Assert.Equal(["in at in", "old at new"], asked);
    }

    [Fact]
    public void What_goes_beyond_a_bound_is_counted()
    {
        var limits = new CallLimits { MaxPaths = 2, MaxSought = 1, MaxPrograms = 1, MaxPeers = 1, MaxMovedFolders = 1 };
        var started = new List<ExecutedProgram>();
        var log = new CallLog(limits, path => path, started.Add);
        var events = new EventScript("a", "b", "c");

        foreach (var observed in events.Play("read a; read b; read c; read no; read no; read neither; read nor"))
            log.Add(observed);
        for (int number = 0; number < 3; number++)
        {
            log.Add(new ProgramStarted { Process = 1, Path = "/bin/x", Argv = ["x"], WorkingDirectory = "/" });
            log.Add(new NameAsked { Process = 1, Name = $"{number}.example" });
        }

        Assert.Equal((1, 2, 2, 2), (log.PathsBeyond, log.SoughtBeyond, log.Programs.Beyond, log.Network.Beyond));
        Assert.Single(started);
        Assert.False(log.IsWhole);
        Assert.All(
            ["1 calls on further paths", "2 further look-ups", "2 further programs", "2 further contacts"],
            part => Assert.Contains(CallNotes.Of(log, 0, 0), sentence => sentence.StartsWith(part, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_program_has_its_parent_and_no_secret()
    {
        var started = new List<ExecutedProgram>();
        var log = new CallLog(CallLimits.Default, path => path, started.Add);
        log.Add(new ProcessStarted { Process = 1, Parent = 0 });
        log.Add(new ProcessStarted { Process = 2, Parent = 1 });
        log.Add(new ProgramStarted { Process = 2, Path = "/bin/x", Argv = ["x", "--token=hush"], WorkingDirectory = "/work" });

        var program = Assert.Single(started);
        Assert.Equal((2, 1, "/bin/x"), (program.Process, program.Parent, program.Path));
        Assert.DoesNotContain("hush", string.Join(' ', program.Argv), StringComparison.Ordinal);
    }

    [Fact]
    public void Peers_are_counted_and_sockets_with_a_path_are_peers_too()
    {
        var log = new CallLog(CallLimits.Default, path => path, _ => { });
        var peer = new PeerContacted { Process = 1, Family = "ipv4", Protocol = "tcp", Address = "192.0.2.7", Port = 80 };
        log.Add(peer);
        log.Add(peer);
        log.Add(peer with { IsBound = true });
        foreach (var observed in new EventScript("/run/bus").Play("connect /run/bus"))
            log.Add(observed);

        Assert.Equal(
            [("192.0.2.7", false, 2), ("192.0.2.7", true, 1), ("/run/bus", false, 1)],
            log.Network.Peers.Select(one => (one.Address, one.Bound, one.Count)));
    }

    [Fact]
    public void A_numerical_library_is_noted_under_the_name_it_was_asked_for()
    {
        const string Chosen = "/usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3";
        var log = new CallLog(CallLimits.Default, path => path, _ => { });
        var status = new EventScript("a").StatusOf("a");
        log.Add(new FileTouched { Process = 1, Access = FileAccess.Read, Path = Chosen, Named = "/lib/libblas.so.3", Before = status });
        log.Add(new FileTouched { Process = 1, Access = FileAccess.Read, Path = "/lib/libz.so.1", Before = status });

        Assert.Equal([KeyValuePair.Create(Chosen, (string?)"/lib/libblas.so.3")], log.Libraries.Named);
    }

    private static string Short(string path) => path.Replace("/work/", "", StringComparison.Ordinal);
}
