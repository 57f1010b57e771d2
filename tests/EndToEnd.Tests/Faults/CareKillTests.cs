using System.Diagnostics;

namespace Provenance.EndToEnd.Tests.Faults;

/// <summary>A backup and a repair that are killed at any moment leave what another one finishes.</summary>
public sealed class CareKillTests
{
    private static int Rounds => Environment.GetEnvironmentVariable("PROV_LONG") == "1" ? 100 : 6;

    [Fact]
    public void A_killed_backup_is_an_older_one_and_goes_on()
    {
        using var place = Prepare();
        var whole = Time(place, "prov archive backup first -q");
        for (int round = 0; round < Rounds; round++)
        {
            AssertSucceeds(place, "prov run --record --keep all box -- sh -c 'head -c 3000000 /dev/urandom > out.bin'");
            RunAndKill(place, "exec prov archive backup copy -q", whole * (round + 1) / Rounds);
            AssertSucceeds(place, "test ! -e copy/log/checkpoint || PROV_ARCHIVE=$WORK/copy prov archive fsck");
        }

        AssertSucceeds(place, "prov archive backup copy -q && PROV_ARCHIVE=$WORK/copy prov archive fsck");
        AssertSucceeds(place, "test \"$(prov log -q -n 1000)\" = \"$(PROV_ARCHIVE=$WORK/copy prov log -q -n 1000)\"");
        AssertSucceeds(place, "PROV_ARCHIVE=$WORK/copy prov verify --all -q");
    }

    [Fact]
    public void A_killed_repair_loses_nothing_and_is_finished_by_the_next()
    {
        using var place = Prepare();
        AssertSucceeds(place, "prov archive backup copy -q");
        const string Damage = "for f in $(ls $PROV_ARCHIVE/blobs/sha256/*); do cp $f new && printf x | dd of=new bs=1 conv=notrunc status=none && mv -f new $f; done; "
            + "printf x | dd of=$(ls $PROV_ARCHIVE/log/tile/0/000.p/*) bs=1 seek=3 conv=notrunc status=none; rm -f $PROV_ARCHIVE/log/checkpoint";
        const string Repair = "prov archive fsck --repair --from copy";
        AssertSucceeds(place, Damage);
        var whole = Time(place, Repair);
        for (int round = 0; round < Rounds; round++)
        {
            AssertSucceeds(place, $"rm -rf $PROV_ARCHIVE/quarantine; {Damage}");
            RunAndKill(place, $"exec {Repair}", whole * (round + 1) / Rounds);
            AssertSucceeds(place, $"{Repair} && prov verify --all -q && prov log audit");
            AssertSucceeds(place, "test $(ls $PROV_ARCHIVE/blobs/sha256 | wc -l) = $(ls $PROV_ARCHIVE/quarantine/blobs/sha256 | wc -l)");
        }
    }

    private static Workplace Prepare()
    {
        Assert.SkipUnless(BusyboxImage.CanBeMade, "busybox-static is not installed");
        var place = new Workplace(Account.Own);
        BusyboxImage.WriteTar(Path.Combine(place.Folder, "box.tar"));
        AssertSucceeds(place, "prov image import box.tar -q");
        AssertSucceeds(place, "for i in 1 2 3; do prov run --record --keep all box -- sh -c 'head -c 2000000 /dev/urandom > out.bin' || exit 1; done");
        AssertSucceeds(place, "for i in $(seq 100); do test -z \"$(ls $PROV_ARCHIVE/incoming)\" && exit 0; sleep 0.1; done; exit 1");
        return place;
    }

    private static TimeSpan Time(Workplace place, string command)
    {
        var clock = Stopwatch.StartNew();
        AssertSucceeds(place, command);
        return clock.Elapsed;
    }

    private static void RunAndKill(Workplace place, string command, TimeSpan after)
    {
        using var process = place.Start($"{command} > /dev/null 2>&1");
        if (!process.WaitForExit(after))
            process.Kill();
        process.WaitForExit();
    }

    private static void AssertSucceeds(Workplace place, string command)
    {
        var result = place.Shell(command);
        Assert.True(result.Status == 0, $"$ {command}\n{result}");
    }
}
