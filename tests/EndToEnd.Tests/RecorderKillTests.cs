using System.Diagnostics;
using System.Globalization;

namespace Provenance.EndToEnd.Tests;

/// <summary>The recorder beside a job is killed at any moment: the job does not feel it, and nothing acknowledged is lost.</summary>
public sealed class RecorderKillTests(ITestOutputHelper output)
{
    private const int Seed = 20261130;

    // Output to both streams and to files all the time, so that each moment has something of which a recorder keeps a part.
    private const string Job = "exec prov run --record --keep all box -- sh -c "
        + "'for i in $(seq 1 60); do echo $i >> steps; seq $i 2000 | tee s$i; echo said $i >&2; done; cat steps > total; exit 5'";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static int Rounds => Environment.GetEnvironmentVariable("PROV_LONG") == "1" ? 300 : 12;

    [Fact]
    public void A_job_ends_as_without_its_recorder_and_nothing_acknowledged_is_lost()
    {
        Assert.SkipUnless(BusyboxImage.CanBeMade, "busybox-static is not installed");
        using var place = new Workplace(Account.Own);
        BusyboxImage.WriteTar(Path.Combine(place.Folder, "box.tar"));
        AssertSucceeds(place, "prov image import box.tar -q && prov run --record box -- true");
        var acknowledged = new List<string>();
        var clock = Stopwatch.StartNew();
        Round(place, "whole", null, acknowledged);
        var whole = clock.Elapsed;
        Assert.Single(acknowledged);
        int lost = 0;
#pragma warning disable CA5394 // the same moments each time, and nothing is secret
        var random = new Random(Seed);
        for (int round = 0; round < Rounds; round++)
        {
            // One in each part of the time; every second one after the job's end, when the record is written and put into the log.
            bool isAfterwards = round % 2 == 1;
            var moment = whole * (isAfterwards ? 0.5 : 1) * ((round + random.NextDouble()) / Rounds);
            lost += Round(place, $"r{round}", new Moment(isAfterwards, moment), acknowledged) ? 0 : 1;
        }
#pragma warning restore CA5394

        output.WriteLine($"{Rounds} kills of {whole.TotalMilliseconds:0} ms: {lost} without a record, {acknowledged.Count} acknowledged");
        Assert.InRange(lost, 1, Rounds);
        string[] listed = place.Shell("prov log -q -n 100000").Output.Split('\n');
        Assert.All(acknowledged, id => Assert.Contains(id, listed));
        AssertSucceeds(place, "prov verify --all -q");
        Assert.Contains(": sound", AssertSucceeds(place, "prov archive fsck"), StringComparison.Ordinal);
        AssertSucceeds(place, "prov run --record box -- true");
    }

    /// <returns>Whether the run was acknowledged.</returns>
    private static bool Round(Workplace place, string folder, Moment? moment, List<string> acknowledged)
    {
        using var prov = place.Start($"mkdir {folder} && cd {folder} && {Job}");
        prov.StandardInput.Close();
        var said = prov.StandardOutput.ReadToEndAsync();
        var told = prov.StandardError.ReadToEndAsync();
        if (moment is not null)
            KillRecorder(prov, Path.Combine(place.Folder, folder, "total"), moment);
        Assert.True(prov.WaitForExit(Patience), "the job does not end without its recorder");

        Assert.Equal(5, prov.ExitCode);
        var numbers = Enumerable.Range(1, 60).ToList();
        string[] parts = [.. numbers.Select(first => Lines(Enumerable.Range(first, 2001 - first)))];
        Assert.Equal(string.Concat(parts), said.GetAwaiter().GetResult());
        string path = Path.Combine(place.Folder, folder);
        Assert.Equal(Lines(numbers), File.ReadAllText(Path.Combine(path, "total")));
        Assert.All(numbers, number => Assert.Equal(parts[number - 1], File.ReadAllText(Path.Combine(path, $"s{number}"))));
        string[] lines = told.GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(numbers.Select(number => $"said {number}"), lines.Take(60));
        // One of both is said, whatever the moment.
        string last = Assert.Single(lines.Skip(60));
        const string Recorded = "prov: recorded run ";
        if (last.StartsWith(Recorded, StringComparison.Ordinal))
        {
            acknowledged.Add(last[Recorded.Length..]);
            return true;
        }

        Assert.StartsWith("prov: warning: the run was not recorded: ", last, StringComparison.Ordinal);
        return false;
    }

    /// <summary>Found as soon as it is there, since it goes on for a while after the program that it is a child of.</summary>
    /// <param name="prov">Its parent.</param>
    /// <param name="last">What the job writes last.</param>
    /// <param name="moment">When.</param>
    private static void KillRecorder(Process prov, string last, Moment moment)
    {
        Process? recorder = null;
        while (recorder is null && !prov.HasExited)
        {
            recorder = Recorder(prov.Id);
            Thread.Sleep(1);
        }

        Assert.NotNull(recorder);
        using (recorder)
        {
            if (moment.IsAfterwards)
                Assert.True(SpinWait.SpinUntil(() => File.Exists(last), Patience), "the job does not end");
            Thread.Sleep(moment.After);
            // Nothing where it has ended.
            recorder.Kill();
        }
    }

    private static Process? Recorder(int parent)
    {
        foreach (string process in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out int id)
                && ReadOrNothing($"{process}/cmdline").Contains("internal-recorder", StringComparison.Ordinal)
                && ReadOrNothing($"{process}/status").Contains($"PPid:\t{parent}\n", StringComparison.Ordinal))
                return Process.GetProcessById(id);
        }

        return null;
    }

    /// <summary>A process may end at any time.</summary>
    private static string ReadOrNothing(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <param name="IsAfterwards">Whether it counts from the job's end, not from its beginning.</param>
    /// <param name="After">How long after that.</param>
    private sealed record Moment(bool IsAfterwards, TimeSpan After);

    private static string Lines(IEnumerable<int> numbers) =>
        string.Concat(numbers.Select(number => string.Create(CultureInfo.InvariantCulture, $"{number}\n")));

    private static string AssertSucceeds(Workplace place, string command)
    {
        var result = place.Shell(command);
        Assert.True(result.Status == 0, $"$ {command}\n{result}");
        return result.Output;
    }
}
