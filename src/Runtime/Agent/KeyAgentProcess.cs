using System.Text;
using Microsoft.Win32.SafeHandles;
using Provenance.Archive;
using Provenance.Archive.Trust;
using Provenance.Runtime.Native;
using Provenance.Runtime.Recording;

namespace Provenance.Runtime.Agent;

/// <summary>An agent in the background: a process in a session of its own, this program again with a hidden command.</summary>
/// <remarks>It reads the passphrase, or an empty line, from standard input, and answers one line: its socket, or why there is none.</remarks>
public static class KeyAgentProcess
{
    private const string Ready = "ready ";
    private const int MaxLineBytes = 1 << 13;

    /// <summary>Starts one, and comes back when it answers.</summary>
    /// <param name="command">The hidden command, with its arguments.</param>
    /// <returns>Its process and its socket.</returns>
    /// <exception cref="KeyAgentException">It did not start; it said why.</exception>
    public static (int Pid, string Path) Launch(RecorderCommand command)
    {
        var (questionRead, questionWrite) = Descriptors.Pipe();
        var (answerRead, answerWrite) = Descriptors.Pipe();
        int pid;
        using (questionRead)
        using (answerWrite)
        using (var nowhere = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite))
        {
            pid = Spawner.Start(
                command.Program, [command.Program, .. command.Arguments], [(questionRead, 0), (answerWrite, 1), (nowhere, 2)]);
        }

        using (questionWrite)
        {
            _ = Descriptors.TryWriteAll(questionWrite, Encoding.UTF8.GetBytes(KeyPassphrase.Remembered + "\n"));
        }

        using (answerRead)
        {
            string answer = ReadLine(answerRead);
            if (answer.StartsWith(Ready, StringComparison.Ordinal))
            {
                return (pid, answer[Ready.Length..]);
            }

            Spawner.Reap(pid);
            throw new KeyAgentException(answer.Length > 0 ? answer : "key agent: ended before it was ready");
        }
    }

    /// <summary>What the hidden command does.</summary>
    /// <param name="unlock">Opens the keys.</param>
    /// <param name="stop">When the agent ends.</param>
    /// <returns>The exit status.</returns>
    public static int Run(Func<IReadOnlyList<HeldKey>> unlock, CancellationToken stop)
    {
        var output = Descriptors.Standard(1);
        try
        {
            SecretMemory.Protect();
            if (ReadLine(Descriptors.Standard(0)) is { Length: > 0 } passphrase)
            {
                KeyPassphrase.Remember(passphrase);
            }

            using var agent = KeyAgent.Open(unlock());
            _ = Descriptors.TryWriteAll(output, Encoding.UTF8.GetBytes($"{Ready}{agent.Path}\n"));
            agent.Serve(stop);
            return 0;
        }
        catch (Exception e) when (e is ArchiveException or RuntimeException or SyscallException or IOException or UnauthorizedAccessException)
        {
            _ = Descriptors.TryWriteAll(output, Encoding.UTF8.GetBytes(e.Message.ReplaceLineEndings(" ") + "\n"));
            return 1;
        }
    }

    /// <summary>Protects the memory of this process.</summary>
    /// <returns>What to tell of it; null when there is nothing.</returns>
    public static string? ProtectMemory() =>
        SecretMemory.Protect() is { } why ? $"keys may be swapped out to disk: {why}; see 'ulimit -l'" : null;

    private static string ReadLine(SafeFileHandle file)
    {
        byte[] line = new byte[MaxLineBytes];
        int length = 0;
        while (length < line.Length && Descriptors.TryRead(file, line.AsSpan(length, 1), out int read) == Errno.None && read == 1 && line[length] != '\n')
        {
            length++;
        }

        return Encoding.UTF8.GetString(line, 0, length);
    }
}
