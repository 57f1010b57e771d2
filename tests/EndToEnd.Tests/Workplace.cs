using System.Diagnostics;

namespace Provenance.EndToEnd.Tests;

/// <summary>A folder that belongs to one account, with an archive, a home and the program in its PATH. Gone with the test.</summary>
public sealed class Workplace : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private const int MostAttempts = 50;

    private readonly Account _account;

    public Workplace(Account account)
    {
        _account = account;
        Root = Directory.CreateTempSubdirectory("prov-e2e-").FullName;
        Folder = Path.Combine(Root, "work");
        Directory.CreateDirectory(Folder);
        Directory.CreateDirectory(Path.Combine(Root, "home"));
        string wrapper = Path.Combine(Directory.CreateDirectory(Path.Combine(Root, "bin")).FullName, "prov");
        File.WriteAllText(wrapper, ProvBinary.Wrapper);
        File.SetUnixFileMode(wrapper, (UnixFileMode)0x1ED);
        GiveAway();
    }

    public string Root { get; }

    /// <summary>Where commands run.</summary>
    public string Folder { get; }

    public string Archive => Path.Combine(Root, "archive");

    /// <summary>Further variables of the commands' environment.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>Runs a line of shell in the folder.</summary>
    public CommandResult Shell(string line)
    {
        using var process = Start(line);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'{line}' did not end within {Patience}");
        }

        return new CommandResult(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    public Process Start(string line)
    {
        string[] command = [.. _account.Prefix, "/bin/sh", "-c", line];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{Path.Combine(Root, "bin")}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
        start.Environment["HOME"] = Path.Combine(Root, "home");
        start.Environment["PROV_ARCHIVE"] = Archive;
        start.Environment["WORK"] = Folder;
        start.Environment["REPOSITORY"] = ProvBinary.Root;
        start.Environment["NO_COLOR"] = "1";
        foreach (var (name, value) in Variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>What we wrote belongs to the account afterwards.</summary>
    public void GiveAway()
    {
        if (_account != Account.Own)
            Tool("chown", "-R", $"{_account.Name}:{_account.Name}", Root);
    }

    public void Dispose()
    {
        // A recorder goes on for a moment after its program has answered: it puts the record into log and catalog.
        for (int attempt = 0; ; attempt++)
        {
            // Unpacked images have folders that even their owner may not change.
            Tool("chmod", "-R", "u+rwX", Root);
            try
            {
                Directory.Delete(Root, recursive: true);
                return;
            }
            catch (IOException) when (attempt < MostAttempts)
            {
                Thread.Sleep(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    private static void Tool(params string[] command)
    {
        using var process = Process.Start(command[0], command[1..]);
        process.WaitForExit();
    }
}
