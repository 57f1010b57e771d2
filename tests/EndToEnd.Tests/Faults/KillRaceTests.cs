using System.Collections.Concurrent;
using System.Diagnostics;

namespace Provenance.EndToEnd.Tests.Faults;

/// <summary>Several recorders at once, killed at random moments on a disk that fails now and then: nothing acknowledged is lost.</summary>
public sealed class KillRaceTests(ITestOutputHelper output)
{
    private const int Recorders = 3;
    private const int Seed = 20261129;

    private static int Kills => Environment.GetEnvironmentVariable("PROV_LONG") == "1"
        ? int.Parse(Environment.GetEnvironmentVariable("PROV_KILLS") ?? "1000", System.Globalization.CultureInfo.InvariantCulture)
        : 24;

    [Fact]
    public void Nothing_acknowledged_is_lost()
    {
        Assert.SkipUnless(BusyboxImage.CanBeMade, "busybox-static is not installed");
        using var place = new Workplace(Account.Own);
        FaultShim.Compile(place);
        BusyboxImage.WriteTar(Path.Combine(place.Folder, "box.tar"));
        AssertSucceeds(place, "prov image import box.tar -q && prov run --record box -- true");
        var whole = Time(place);
        var acknowledged = new ConcurrentBag<string>();
        var tally = new int[3];
        var clock = Stopwatch.StartNew();
        Parallel.For(0, Recorders, new ParallelOptions { MaxDegreeOfParallelism = Recorders }, recorder =>
        {
#pragma warning disable CA5394 // the same numbers each time, and nothing is secret
            var random = new Random(Seed + recorder);
            while (Volatile.Read(ref tally[0]) < Kills)
            {
                Round(place, recorder, random, whole, acknowledged, tally);
            }
#pragma warning restore CA5394
        });
        output.WriteLine($"{tally[0]} kills, {tally[1]} runs with a fault, {tally[2]} ended by themselves, "
            + $"{acknowledged.Count} acknowledged, {clock.Elapsed.TotalSeconds:0} s");

        string[] listed = place.Shell("prov log -q -n 100000").Output.Split('\n');
        Assert.All(acknowledged, id => Assert.Contains(id, listed));
        AssertSucceeds(place, "prov verify --all -q");
        AssertSucceeds(place, "prov archive fsck");
        AssertSucceeds(place, "prov archive backup backup -q && PROV_ARCHIVE=$WORK/backup prov archive fsck");
        Assert.Contains(": sound", AssertSucceeds(place, "prov archive fsck --repair"), StringComparison.Ordinal);
        AssertSucceeds(place, "prov log audit && prov run --record box -- true");
        AssertSucceeds(place, "for i in $(seq 100); do test -z \"$(ls $PROV_ARCHIVE/incoming)\" && exit 0; sleep 0.1; done; exit 1");
        output.WriteLine($"{AssertSucceeds(place, "prov archive status").ReplaceLineEndings("; ")}{clock.Elapsed.TotalSeconds:0} s in all");
    }

#pragma warning disable CA5394 // as above
    /// <summary>Mostly the process with its recorder is killed, sometimes it alone, so that the recorder goes on without.</summary>
    private static void Round(Workplace place, int recorder, Random random, TimeSpan whole, ConcurrentBag<string> acknowledged, int[] tally)
    {
        string fault = "";
        if (random.Next(4) == 0)
        {
            Interlocked.Increment(ref tally[1]);
            fault = FaultShim.Before(place, random.Next(2) == 0 ? "fsync" : "write", random.Next(1, 40), random.Next(2) == 0 ? 1 : 1000);
        }

        string folder = $"r{recorder}";
        using var process = place.Start($"mkdir -p {folder} && cd {folder} && exec setsid {fault} prov run --record --keep all box -- "
            + $"sh -c 'head -c {random.Next(1, 200_000)} /dev/urandom > out.bin; echo {recorder}' 2>&1");
        var said = process.StandardOutput.ReadToEndAsync();
        if (process.WaitForExit(whole * random.NextDouble() * 1.1))
        {
            Interlocked.Increment(ref tally[2]);
        }
        else
        {
            Interlocked.Increment(ref tally[0]);
            Kill(random.Next(4) == 0 ? $"{process.Id}" : $"-{process.Id}");
        }

        process.WaitForExit();
        if (FaultTests.IdIn(said.GetAwaiter().GetResult()) is { } id)
            acknowledged.Add(id);
    }
#pragma warning restore CA5394

    private static void Kill(string target)
    {
        // The shell's own: not every machine has the program.
        using var kill = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "kill -9 \"$0\"", target]) { RedirectStandardError = true })!;
        kill.WaitForExit();
    }

    private static TimeSpan Time(Workplace place)
    {
        var clock = Stopwatch.StartNew();
        AssertSucceeds(place, "prov run --record --keep all box -- sh -c 'head -c 100000 /dev/urandom > out.bin'");
        // Three at once on few cores take longer, and the recorder goes on for a while: about every second run shall come to its end.
        return clock.Elapsed * 5;
    }

    private static string AssertSucceeds(Workplace place, string command)
    {
        var result = place.Shell(command);
        Assert.True(result.Status == 0, $"$ {command}\n{result}");
        return result.Output;
    }
}
