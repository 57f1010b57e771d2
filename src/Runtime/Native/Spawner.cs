using System.Collections;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Provenance.Runtime.Native;

/// <summary>Starts a program in a session of its own: spawn.h, sys/wait.h.</summary>
internal static partial class Spawner
{
    internal const short POSIX_SPAWN_SETSID = 0x80;
    private const string Libc = "libc";

    /// <summary>Longer than glibc's <c>posix_spawnattr_t</c> (336 bytes) and <c>posix_spawn_file_actions_t</c> (80 bytes).</summary>
    private const int OpaqueBytes = 512;

    /// <param name="program">Absolute path.</param>
    /// <param name="arguments">With the program's own name first.</param>
    /// <param name="descriptors">Which of ours become which of its own; all others that are not close-on-exec it has too.</param>
    /// <returns>The number of the process, which the caller has to wait for.</returns>
    /// <exception cref="SyscallException">It could not be started.</exception>
    internal static unsafe int Start(
        string program, IReadOnlyList<string> arguments, IReadOnlyList<(SafeFileHandle Ours, int Its)> descriptors)
    {
        // Out of the way of the numbers they become: the copies are made one after the other.
        var moved = descriptors.Select(pair => (Ours: Descriptors.DuplicateHigh(pair.Ours), pair.Its)).ToList();
        byte* actions = stackalloc byte[OpaqueBytes];
        byte* attributes = stackalloc byte[OpaqueBytes];
        _ = posix_spawn_file_actions_init(actions);
        _ = posix_spawnattr_init(attributes);
        try
        {
            _ = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSID);
            foreach (var (ours, its) in moved)
            {
                _ = posix_spawn_file_actions_adddup2(actions, (int)ours.DangerousGetHandle(), its);
            }

            int pid = 0;
            string?[] argv = [.. arguments, null];
            int error = posix_spawn(&pid, program, actions, attributes, argv, CurrentEnvironment());
            return error == 0 ? pid : throw new SyscallException("posix_spawn", program, (Errno)error);
        }
        finally
        {
            _ = posix_spawn_file_actions_destroy(actions);
            _ = posix_spawnattr_destroy(attributes);
            moved.ForEach(pair => pair.Ours.Dispose());
        }
    }

    /// <summary>Waits until a child has ended and takes it off the kernel's list.</summary>
    internal static unsafe void Reap(int pid)
    {
        int status = 0;
        while (waitpid(pid, &status, 0) < 0 && (Errno)Marshal.GetLastPInvokeError() == Errno.EINTR)
        {
            // A signal came in between.
        }
    }

    /// <summary>Waits for so long until a child has ended, and takes it off the kernel's list.</summary>
    /// <returns>False when it has not ended.</returns>
    internal static bool TryReap(int pid, int patienceMilliseconds)
    {
        long until = Environment.TickCount64 + patienceMilliseconds;
        while (!TryReap(pid))
        {
            if (Environment.TickCount64 >= until)
            {
                return false;
            }

            Thread.Sleep(1);
        }

        return true;
    }

    private static unsafe bool TryReap(int pid)
    {
        const int WNOHANG = 1;
        int status = 0;
        int ended = waitpid(pid, &status, WNOHANG);

        // A signal that came in between says nothing of the child.
        return ended > 0 || (ended < 0 && (Errno)Marshal.GetLastPInvokeError() != Errno.EINTR);
    }

    private static string?[] CurrentEnvironment()
    {
        var lines = new List<string?>();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            lines.Add($"{variable.Key}={variable.Value}");
        }

        lines.Add(null);
        return [.. lines];
    }

    [LibraryImport(Libc)]
    private static unsafe partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport(Libc)]
    private static unsafe partial int posix_spawn_file_actions_adddup2(byte* actions, int fildes, int newfildes);

    [LibraryImport(Libc)]
    private static unsafe partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport(Libc)]
    private static unsafe partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport(Libc)]
    private static unsafe partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport(Libc)]
    private static unsafe partial int posix_spawnattr_destroy(byte* attributes);

    [LibraryImport(Libc, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int posix_spawn(
        int* pid, string path, byte* actions, byte* attributes, string?[] argv, string?[] envp);

    [LibraryImport(Libc, SetLastError = true)]
    private static unsafe partial int waitpid(int pid, int* wstatus, int options);
}
