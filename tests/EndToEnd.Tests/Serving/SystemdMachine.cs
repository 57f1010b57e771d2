using System.Diagnostics;

namespace Provenance.EndToEnd.Tests.Serving;

/// <summary>A Debian that was started by its own systemd, in systemd-nspawn, with this machine's network and the program installed as README.md says.</summary>
internal sealed class SystemdMachine : IDisposable
{
    private const string Nspawn = "/usr/bin/systemd-nspawn";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _nspawn;
    private readonly Task<string> _said;
    private readonly string _leader;

    private SystemdMachine(string root, Process nspawn)
    {
        (Root, _nspawn) = (root, nspawn);
        _said = nspawn.StandardError.ReadToEndAsync();
        _leader = "";
        for (var end = DateTime.UtcNow + Patience; DateTime.UtcNow < end && !nspawn.HasExited; Thread.Sleep(200))
        {
            string children = $"/proc/{nspawn.Id}/task/{nspawn.Id}/children";
            _leader = File.Exists(children) ? File.ReadAllText(children).Trim().Split(' ')[0] : "";
            if (_leader.Length > 0 && Run("systemctl is-system-running").Output.Trim() is "running" or "degraded")
                return;
        }

        Stop();
        Directory.Delete(root, recursive: true);
        Assert.Skip($"systemd cannot be started in a container here: {_said.GetAwaiter().GetResult()}");
    }

    public string Root { get; }

    /// <param name="prepare">Puts further files below the root before it starts.</param>
    public static SystemdMachine Start(Action<string> prepare)
    {
        Assert.SkipUnless(Environment.UserName == "root", "only root can start a systemd in a container");
        Assert.SkipUnless(File.Exists(Nspawn), "systemd-nspawn (systemd-container) is not installed");
        string program = NativeProgram.Find();
        string tar = DebianImage.FindServing();
        string root = Directory.CreateTempSubdirectory("prov-machine-").FullName;
        File.SetUnixFileMode(root, (UnixFileMode)0x1ED);
        Tool("tar", "-xf", tar, "-C", root);
        Directory.CreateDirectory(Path.Combine(root, "usr/local/bin"));
        File.Copy(program, Path.Combine(root, "usr/local/bin/prov"));
        File.SetUnixFileMode(Path.Combine(root, "usr/local/bin/prov"), (UnixFileMode)0x1ED);
        string packaging = Path.Combine(ProvBinary.Root, "packaging");
        File.Copy(Path.Combine(packaging, "prov-serve.service"), Path.Combine(root, "etc/systemd/system/prov-serve.service"));
        File.Copy(Path.Combine(packaging, "prov.sysusers"), Path.Combine(root, "usr/lib/sysusers.d/prov.conf"));
        Tool("systemd-sysusers", $"--root={root}");
        Directory.CreateDirectory(Path.Combine(root, "etc/prov"));
        prepare(root);
        var start = new ProcessStartInfo(Nspawn, ["--quiet", "--register=no", "--keep-unit", "--resolv-conf=off", "--console=pipe", "-D", root, "-b"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new SystemdMachine(root, Process.Start(start)!);
    }

    /// <summary>A line of shell in the machine, as root.</summary>
    public CommandResult Run(string line)
    {
        using var process = Process.Start(new ProcessStartInfo("nsenter", ["-a", "-t", _leader, "/bin/sh", "-c", line])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandResult(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    /// <summary>The same, which must succeed.</summary>
    public string Succeed(string line)
    {
        var result = Run(line);
        Assert.True(result.Status == 0, $"{line}\n{result}\n{Journal()}");
        return result.Output.Trim();
    }

    public string Journal() => Run("journalctl --no-pager -n 50 -u prov-serve").Output;

    /// <summary>Waits until a line prints what is expected.</summary>
    public void WaitFor(string line, string expected)
    {
        string found = "";
        for (var end = DateTime.UtcNow + Patience; DateTime.UtcNow < end; Thread.Sleep(100))
        {
            found = Run(line).Output.Trim();
            if (found == expected)
                return;
        }

        Assert.Fail($"{line}\nexpected {expected}\nfound {found}\n{Journal()}");
    }

    public void Dispose()
    {
        Run("systemctl poweroff");
        Stop();
        Directory.Delete(Root, recursive: true);
    }

    private void Stop()
    {
        if (!_nspawn.WaitForExit(Patience))
            _nspawn.Kill(entireProcessTree: true);
        _nspawn.WaitForExit();
        _nspawn.Dispose();
    }

    private static void Tool(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;
        string said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{command[0]}: {said}");
    }
}
