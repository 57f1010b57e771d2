using System.Diagnostics;
using System.Globalization;

namespace Provenance.EndToEnd.Tests;

/// <summary>What is large goes through the program and never into its memory.</summary>
public sealed class MemoryTests(ITestOutputHelper output)
{
    private const int MostMemoryKiB = 200 * 1024;

    // Waits for the program, and tells the most that it, or a process it waited for, had in memory: getrusage(2), ru_maxrss, in KiB.
    private const string Measure = "python3 -c 'import resource, subprocess, sys; status = subprocess.call(sys.argv[1:]); "
        + "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(status)' ";

    private static bool IsLong => Environment.GetEnvironmentVariable("PROV_LONG") == "1";

    /// <summary>Of 600 MB in one layer, and with PROV_LONG of 5 GB: three times the bound at least.</summary>
    [Fact]
    public void Importing_a_large_image_takes_less_than_200_MB()
    {
        int files = IsLong ? 50 : 6;
        // The archive's file, its layer as a blob, and that unpacked.
        long needed = IsLong ? 20_000_000_000 : 3_000_000_000;
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "python3 is not installed");
        long free = new DriveInfo(Path.GetTempPath()).AvailableFreeSpace;
        Assert.SkipWhen(free < needed, $"'{Path.GetTempPath()}' has {free} bytes free, expected {needed}");
        using var place = new Workplace(Account.Own);
        LargeImage.Write(Path.Combine(place.Folder, "large.tar"), files);

        var clock = Stopwatch.StartNew();
        using var process = place.Start($"{Measure} prov image import -q large.tar 2> said");
        process.StandardInput.Close();
        string[] lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();

        Assert.True(process.ExitCode == 0, File.ReadAllText(Path.Combine(place.Folder, "said")));
        long peak = long.Parse(lines[^1], CultureInfo.InvariantCulture);
        output.WriteLine($"{files} files of 100 MiB: {peak} KiB at most, {clock.Elapsed.TotalSeconds:0} s");
        Assert.Equal(
            $"{files * (100L << 20)}\n", place.Shell("prov image show large:1 --json | jq .predicate.unpackedBytes").Output);
        Assert.InRange(peak, 1, MostMemoryKiB);
    }

    /// <summary>Of 200,000 inputs, in an image and on the host's own files, and of 20,000 processes: what the recorder takes beside the job.</summary>
    [Theory]
    [InlineData("box", "tar cf - . | wc -c")]
    [InlineData("", "tar cf - . | wc -c")]
    [InlineData("box", "i=0; while [ $i -lt 20000 ]; do /bin/true; i=$((i+1)); done; echo $i")]
    public void Recording_a_large_job_takes_less_than_150_MB(string image, string job)
    {
        const int Folders = 200, FilesEach = 1000, MostKiB = 150 * 1024;
        Assert.SkipUnless(IsLong, "takes a minute: PROV_LONG=1");
        Assert.SkipUnless(BusyboxImage.CanBeMade, "busybox-static is not installed");
        using var place = new Workplace(Account.Own);
        BusyboxImage.WriteTar(Path.Combine(place.Root, "box.tar"));
        place.Shell("prov image import -q ../box.tar --name box");
        for (int folder = 0; folder < Folders; folder++)
        {
            string path = Directory.CreateDirectory(Path.Combine(place.Folder, $"{folder}")).FullName;
            for (int file = 0; file < FilesEach; file++)
            {
                using var made = File.CreateText(Path.Combine(path, $"{file}"));
                made.Write($"{folder} {file}\n");
            }
        }

        var run = place.Shell($"prov run --record {image} -- sh -c '{job}'");

        // The record is acknowledged; log and catalog take the recorder some seconds more.
        var recorder = Process.GetProcessesByName("prov").Single(process => IsRecorderOf(place.Archive, process.Id));
        long peak = long.Parse(
            File.ReadLines($"/proc/{recorder.Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ')[^2],
            CultureInfo.InvariantCulture);
        output.WriteLine($"{peak} KiB");
        Assert.Equal(0, run.Status);
        recorder.WaitForExit();
        string used = place.Shell("prov show $(prov log -n 1 -q) --json | jq .predicate.used.count").Output;
        Assert.True(int.Parse(used, CultureInfo.InvariantCulture) > Folders * FilesEach, used);
        Assert.InRange(peak, 1, MostKiB);
    }

    private static bool IsRecorderOf(string archive, int process) =>
        File.ReadAllText($"/proc/{process}/cmdline").Contains("internal-recorder", StringComparison.Ordinal)
        && File.ReadAllText($"/proc/{process}/environ").Contains($"PROV_ARCHIVE={archive}\0", StringComparison.Ordinal);
}
