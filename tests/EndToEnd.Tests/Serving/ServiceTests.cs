namespace Provenance.EndToEnd.Tests.Serving;

/// <summary>The unit under a real systemd, with every restriction it names.</summary>
public sealed class ServiceTests
{
    /// <summary>What a server that was taken over would try, one a line: a name and a command that succeeds where it can be done.</summary>
    private static readonly (string Name, string Command)[] Attempts =
    [
        ("write its archive", "touch /var/lib/prov/probe"),
        ("write elsewhere, where everybody may", "touch /opt/open/probe"),
        ("read a home", "cat /home/grace/notes"),
        ("read what others left in /tmp", "cat /tmp/others"),
        ("see other processes", "test -r /proc/1/comm"),
        ("read what the kernel says of the machine", "cat /proc/version"),
        ("make a user namespace", "unshare --user true"),
        ("make a file that runs as its owner", "cp /bin/true /var/lib/prov/true && chmod u+s /var/lib/prov/true"),
        ("open a netlink socket", "perl -e 'socket(my $s, 16, 3, 0) or exit 1'"),
        ("write code and run it", $"perl -e 'exit(syscall({MmapNumber}, 0, 4096, 7, 0x22, -1, 0) == -1 ? 1 : 0)'"),
        ("gain privileges by a program", "grep -q '^NoNewPrivs:.0' /proc/self/status"),
        ("change how it is scheduled", "renice -n 5 $$"),
        ("have a capability again", "! grep -q '^CapBnd:.0*$' /proc/self/status"),
    ];

    private static int MmapNumber =>
        System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? 222 : 9;

    [Fact]
    public void A_server_under_its_unit_takes_a_run_in_shows_it_comes_back_and_ends_in_peace()
    {
        Assert.SkipUnless(BusyboxImage.CanBeMade, "busybox-static is not installed");
        using var client = new ServerClient();
        using var machine = SystemdMachine.Start(root => Configure(root, $"--listen 127.0.0.1:{client.Port} --write"));
        machine.Succeed("systemctl start prov-serve");
        Assert.True(client.WaitUntilHealthy(), machine.Journal());
        string token = machine.Succeed("setpriv --reuid=prov --regid=prov --clear-groups env PROV_ARCHIVE=/var/lib/prov HOME=/var/lib/prov prov token create ada");

        using var place = new Workplace(Account.Own);
        string run = client.Push(place, token);
        client.AssertShows(run);

        // It is killed, and comes back with everything.
        machine.Succeed("systemctl kill -s KILL prov-serve");
        machine.WaitFor("systemctl show prov-serve --value -p NRestarts", "1");
        Assert.True(client.WaitUntilHealthy(), machine.Journal());
        client.AssertShows(run);

        machine.Succeed("systemctl stop prov-serve");
        Assert.Equal("Result=success ExecMainStatus=0 ActiveState=inactive", Shown(machine, "Result", "ExecMainStatus", "ActiveState"));
        Assert.Equal("750 prov", machine.Succeed("stat -c '%a %U' /var/lib/prov"));

        // What is wrong with an option is wrong at the next try too.
        Configure(machine.Root, "--listen nowhere:at:all");
        machine.Run("systemctl start prov-serve");
        machine.WaitFor("systemctl is-failed prov-serve", "failed");
        Thread.Sleep(TimeSpan.FromSeconds(1));
        Assert.Equal("Result=exit-code ExecMainStatus=2 ActiveState=failed", Shown(machine, "Result", "ExecMainStatus", "ActiveState"));
        Assert.Contains("no ADDRESS:PORT", machine.Journal(), StringComparison.Ordinal);
    }

    /// <summary>Tried as the unit, with another program in the server's place, and beside it as the same user without any of it.</summary>
    [Fact]
    public void What_the_unit_forbids_cannot_be_done_under_it()
    {
        using var machine = SystemdMachine.Start(Prepare);
        machine.Succeed("echo left > /tmp/others && chmod 644 /tmp/others && systemctl start free.service");
        string[] free = machine.Succeed("cat /var/lib/prov/could").Split('\n');
        machine.Succeed("rm -rf /var/lib/prov/* /opt/open/probe; systemctl start bound.service");
        string[] bound = machine.Succeed("cat /var/lib/prov/could").Split('\n');

        Assert.Equal(Attempts.Select(attempt => attempt.Name), free);
        Assert.Equal(["write its archive"], bound);
    }

    private static void Prepare(string root)
    {
        string script = string.Concat(Attempts.Select(attempt => $"if ( {attempt.Command} ) > /dev/null 2>&1; then echo '{attempt.Name}' >> /var/lib/prov/could; fi\n"));
        File.WriteAllText(Path.Combine(root, "usr/local/bin/attempts"), script);
        string unit = File.ReadAllText(Path.Combine(root, "etc/systemd/system/prov-serve.service"))
            .Replace("Type=exec", "Type=oneshot", StringComparison.Ordinal)
            .Replace("Restart=on-failure", "Restart=no", StringComparison.Ordinal)
            .Replace("/usr/local/bin/prov serve $PROV_SERVE_OPTIONS", "/bin/sh /usr/local/bin/attempts", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(root, "etc/systemd/system/bound.service"), unit);
        File.WriteAllText(
            Path.Combine(root, "etc/systemd/system/free.service"),
            "[Service]\nType=oneshot\nUser=prov\nGroup=prov\nStateDirectory=prov\nExecStart=/bin/sh /usr/local/bin/attempts\n");
        var all = (UnixFileMode)0x1FF;
        Directory.CreateDirectory(Path.Combine(root, "opt/open"));
        File.SetUnixFileMode(Path.Combine(root, "opt/open"), all);
        Directory.CreateDirectory(Path.Combine(root, "home/grace"));
        File.WriteAllText(Path.Combine(root, "home/grace/notes"), "private\n");
    }

    private static void Configure(string root, string options) =>
        File.WriteAllText(Path.Combine(root, "etc/prov/serve.env"), $"PROV_SERVE_OPTIONS={options}\n");

    private static string Shown(SystemdMachine machine, params string[] properties) =>
        string.Join(' ', properties.Select(property => $"{property}={machine.Succeed($"systemctl show prov-serve --value -p {property}")}"));
}
