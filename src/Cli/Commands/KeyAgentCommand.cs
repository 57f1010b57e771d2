using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Provenance.Archive.Catalog;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Provenance.Cli.Options;
using Provenance.Runtime.Agent;
using Provenance.Runtime.Native;
using Provenance.Runtime.Sandbox;

namespace Provenance.Cli.Commands;

/// <summary><c>prov key agent</c>.</summary>
internal sealed class KeyAgentCommand : CliCommand
{
    private const int MaxAttempts = 100;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(40);
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(100);

    private readonly AgeOption _timeout = new("--timeout", "forget the keys after this time, such as 12h [never]");

    public KeyAgentCommand()
        : base("agent", "unlock the keys once, and sign with them for batch jobs") => Options.Add(_timeout.Option);

    public override bool TakesJob => true;

    public override string Remarks => """
        Asks for the passphrase, and holds the keys that it encrypts in memory: the one that signs, the second one, and the
        log's. Whoever has PROV_KEY_AGENT in the environment and is the same user, outside of any container, signs with them
        through a socket. Without COMMAND the agent goes to the background, and what is printed is for the shell.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov key agent -- make all", "one question, and every job of the Makefile is recorded and signed"),
        new("eval \"$(prov key agent --timeout 12h)\"", "for a working day on this host; 'kill $PROV_KEY_AGENT_PID' ends it"),
    ];

    public override int Execute(CommandCall call)
    {
        var timeout = _timeout.Read(call);
        if (timeout is { } age && (age == TimeSpan.Zero || age > Longest))
        {
            throw new UsageException($"option '--timeout': expected 1s to {Longest.TotalDays}d");
        }

        if (call.Job is [])
        {
            throw new UsageException("no COMMAND after '--'");
        }

        return call.Job is null ? InBackground(call, timeout) : With(call, call.Job, timeout);
    }

    /// <summary>The keys that an agent holds.</summary>
    /// <exception cref="TrustException">None is encrypted, or there is no passphrase.</exception>
    internal static IReadOnlyList<HeldKey> Unlock(Workbench workbench)
    {
        HeldKey?[] all = [.. workbench.Keys.Unlock(), new LogKeyStore(workbench.Layout, Files.SyncFolder).Unlock()];
        return all.OfType<HeldKey>().ToList() is { Count: > 0 } held
            ? held
            : throw new TrustException(workbench.Layout.Keys, "no key that signs is encrypted: there is nothing to unlock");
    }

    /// <summary>Until a signal comes, or the time is over.</summary>
    internal static int Serve(CommandCall call, TimeSpan? timeout)
    {
        using var stop = StopAfter(timeout);
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }

        PosixSignal[] ending = [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP];
        var signals = ending.Select(signal => PosixSignalRegistration.Create(signal, Stop)).ToList();
        int status = KeyAgentProcess.Run(() => Unlock(call.Workbench), stop.Token);
        signals.ForEach(registration => registration.Dispose());
        return status;
    }

    private static CancellationTokenSource StopAfter(TimeSpan? timeout) =>
        timeout is { } after ? new CancellationTokenSource(after) : new CancellationTokenSource();

    private static int InBackground(CommandCall call, TimeSpan? timeout)
    {
        // Here, where somebody can be asked, and before a process is started in vain.
        foreach (var key in Unlock(call.Workbench))
        {
            call.Terminal.Note($"unlocked key {key.Label}");
            key.Dispose();
        }

        var command = SelfCommand.For(InternalKeyAgentCommand.Text);
        if (timeout is { } after)
        {
            string seconds = ((long)after.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            command = command with { Arguments = [.. command.Arguments, "--timeout", seconds] };
        }

        var (pid, path) = KeyAgentProcess.Launch(command);
        call.Terminal.Line($"{KeyAgentProtocol.Variable}='{path}'; export {KeyAgentProtocol.Variable};");
        call.Terminal.Line($"{KeyAgentProtocol.Variable}_PID={pid}; export {KeyAgentProtocol.Variable}_PID;");
        return ExitCodes.Success;
    }

    private static int With(CommandCall call, IReadOnlyList<string> job, TimeSpan? timeout)
    {
        var keys = Unlock(call.Workbench);
        if (KeyAgentProcess.ProtectMemory() is { } warning)
        {
            call.Terminal.Note(warning);
        }

        using var agent = KeyAgent.Open(keys);
        using var stop = StopAfter(timeout);
        var serving = new Thread(() => agent.Serve(stop.Token)) { IsBackground = true };
        serving.Start();
        Environment.SetEnvironmentVariable(KeyAgentProtocol.Variable, agent.Path);
        int status = Run(job);
        SequenceTheLast(call.Workbench);
        stop.Cancel();
        serving.Join();
        return status;
    }

    /// <summary>A recorder goes on after its job, and puts the record into the log: who else could sign that, once the agent has gone?</summary>
    private static void SequenceTheLast(Workbench workbench)
    {
        for (int attempt = 0; attempt < MaxAttempts && workbench.Sequence().Outcome == SequencingOutcome.Busy; attempt++)
        {
            Thread.Sleep(BetweenAttempts);
        }
    }

    private static int Run(IReadOnlyList<string> job)
    {
        var start = new ProcessStartInfo(job[0], job.Skip(1)) { UseShellExecute = false };
        start.Environment.Remove(KeyPassphrase.Variable); // whoever has an agent needs no passphrase
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            int status = e.NativeErrorCode == (int)Errno.ENOENT ? ExitCodes.NotFound : ExitCodes.CannotExecute;
            throw new CommandException(status, $"command '{job[0]}': {Failure.Reword(e.Message)}");
        }

        using (process)
        using (PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true)) // the terminal's goes to the command as well
        using (PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => PassOn(context, process.Id)))
        using (PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => PassOn(context, process.Id)))
        {
            process.WaitForExit();
            return process.ExitCode;
        }
    }

    private static void PassOn(PosixSignalContext context, int pid)
    {
        context.Cancel = true;
        ChildSignal.Send(pid, context.Signal);
    }
}
