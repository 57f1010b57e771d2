using System.Diagnostics;
using System.Security.Cryptography;

namespace Provenance.EndToEnd.Tests;

/// <summary>Killing the program at any moment loses nothing that it has acknowledged, and leaves no half blob under a final name.</summary>
public sealed class KillTests
{
    private const int ExtraBytes = 4 << 20;

    private static int Rounds => Environment.GetEnvironmentVariable("PROV_LONG") == "1" ? 200 : 8;

    [Fact]
    public void Import_survives_being_killed_at_any_moment()
    {
        Assert.SkipUnless(BusyboxImage.CanBeMade, "busybox-static is not installed");
        using var place = new Workplace(Account.Own);
        var acknowledged = new List<string>();
        var whole = TimeImport(place, "whole");
        for (int round = 0; round < Rounds; round++)
        {
            WriteImage(place, round);
            string output = RunAndKill(place, $"exec prov image import i.tar --name image{round}", whole * (round + 1) / Rounds);
            if (output.Contains($"image{round}: manifest", StringComparison.Ordinal))
                acknowledged.Add($"image{round}");
        }

        string listed = place.Shell("prov image list -q").Output;
        Assert.All(acknowledged, name => Assert.Contains(name, listed.Split('\n')));
        Assert.All(acknowledged, name => AssertSucceeds(place, $"prov verify {name}"));
        AssertSucceeds(place, "prov archive fsck");
        // The archive goes on: what a killed import left does not stand in the way.
        AssertSucceeds(place, "prov image import i.tar --name again && prov run again -- true");
    }

    [Fact]
    public void Record_survives_being_killed_at_any_moment()
    {
        Assert.SkipUnless(BusyboxImage.CanBeMade, "busybox-static is not installed");
        using var place = new Workplace(Account.Own);
        var whole = TimeImport(place, "box");
        const string Job = "exec prov run --record box -- sh -c 'head -c 2000000 /dev/urandom > out.bin'";
        var clock = Stopwatch.StartNew();
        AssertSucceeds(place, Job);
        whole = clock.Elapsed;
        var acknowledged = new List<string>();
        for (int round = 0; round < Rounds; round++)
        {
            string said = RunAndKill(place, $"{Job} 2>&1", whole * (round + 1) / Rounds);
            if (said.Split("recorded run ") is [_, { Length: >= 12 } id])
                acknowledged.Add(id[..12]);
        }

        string listed = place.Shell("prov log -q -n 1000").Output;
        Assert.All(acknowledged, id => Assert.Contains(id, listed.Split('\n')));
        AssertSucceeds(place, "prov verify --all -q");
        AssertSucceeds(place, "prov archive fsck");
    }

    [Fact]
    public void Taking_a_bundle_in_survives_being_killed_at_any_moment()
    {
        Assert.SkipUnless(BusyboxImage.CanBeMade, "busybox-static is not installed");
        using var place = new Workplace(Account.Own);
        const string Receive = "PROV_ARCHIVE=$WORK/receiver exec prov import run.prov.tar";
        const string NewReceiver = "mkdir -p receiver/trust && cp $PROV_ARCHIVE/keys/*/cert.pem receiver/trust/ada.pem";
        TimeImport(place, "box");
        AssertSucceeds(place, NewReceiver);
        ExportRun(place);
        var clock = Stopwatch.StartNew();
        AssertSucceeds(place, Receive);
        var whole = clock.Elapsed;
        for (int round = 0; round < Rounds; round++)
        {
            // Each round reads all of it twice: it must not grow with the rounds.
            if (round % 10 == 9)
                AssertSucceeds(place, $"test -z \"$(ls receiver/tmp)\" && rm -rf receiver && {NewReceiver}");
            string run = ExportRun(place);
            string said = RunAndKill(place, Receive, whole * (round + 1) / Rounds);
            AssertSucceeds(place, "PROV_ARCHIVE=$WORK/receiver prov archive fsck");
            if (said.Contains(" of them new; ", StringComparison.Ordinal))
                AssertSucceeds(place, $"PROV_ARCHIVE=$WORK/receiver prov verify {run}");
            // The next attempt does the rest.
            AssertSucceeds(place, $"({Receive}) && PROV_ARCHIVE=$WORK/receiver prov verify {run}");
        }

        AssertSucceeds(place, "PROV_ARCHIVE=$WORK/receiver prov archive fsck && test -z \"$(ls receiver/tmp)\"");
    }

    /// <returns>The run that <c>run.prov.tar</c> is of, like no other.</returns>
    private static string ExportRun(Workplace place)
    {
        AssertSucceeds(place, "prov run --record box -- sh -c 'head -c 4000000 /dev/urandom > out.bin'");
        string run = place.Shell("prov log -n 1 -q").Output.Trim();
        AssertSucceeds(place, $"prov export {run} -o run.prov.tar -q");
        return run;
    }

    private static TimeSpan TimeImport(Workplace place, string name)
    {
        WriteImage(place, -1);
        var clock = Stopwatch.StartNew();
        AssertSucceeds(place, $"prov image import i.tar --name {name}");
        return clock.Elapsed;
    }

    /// <summary>Each time with other bytes, so that there is something to write.</summary>
    private static void WriteImage(Workplace place, int seed)
    {
        byte[] extra = new byte[ExtraBytes];
        BitConverter.GetBytes(seed).CopyTo(extra, 0);
        for (int at = SHA256.HashSizeInBytes; at < extra.Length; at += SHA256.HashSizeInBytes)
            SHA256.HashData(extra.AsSpan(at - SHA256.HashSizeInBytes, SHA256.HashSizeInBytes), extra.AsSpan(at));
        BusyboxImage.WriteTar(Path.Combine(place.Folder, "i.tar"), extra);
    }

    /// <returns>What it said before it was killed.</returns>
    private static string RunAndKill(Workplace place, string command, TimeSpan after)
    {
        using var process = place.Start(command);
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(after))
            process.Kill();
        process.WaitForExit();
        return output.GetAwaiter().GetResult();
    }

    private static void AssertSucceeds(Workplace place, string command)
    {
        var result = place.Shell(command);
        Assert.True(result.Status == 0, $"$ {command}\n{result}");
    }
}
