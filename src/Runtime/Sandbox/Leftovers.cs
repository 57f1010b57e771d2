using System.Globalization;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Sandbox;

/// <summary>
/// What a job without a process tree of its own leaves running: it becomes our child, and is known by the container's
/// mounts, which nobody else has.
/// </summary>
internal sealed unsafe class Leftovers
{
    private readonly string _mounts;

    private Leftovers(string mounts) => _mounts = mounts;

    /// <summary>From now on orphans come to this process. Null when the job has ended already.</summary>
    public static Leftovers? Watch(int jobPid)
    {
        if (Libc.prctl(Processes.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0)
            return null;
        return MountNamespace(jobPid) is { } mounts ? new Leftovers(mounts) : null;
    }

    /// <summary>Kills and reaps until none is left: each that dies may leave its own children to us.</summary>
    public void End()
    {
        while (Children().Where(pid => MountNamespace(pid) == _mounts).ToArray() is { Length: > 0 } left)
        {
            foreach (int pid in left)
                _ = Libc.kill(pid, Signals.SIGKILL);
            foreach (int pid in left)
            {
                int status;
                _ = Libc.wait4(pid, &status, Libc.__WALL, null);
            }
        }
    }

    private static IEnumerable<int> Children() => Directory.EnumerateDirectories("/proc/self/task")
        .Select(task => Path.Combine(task, "children")).Where(File.Exists)
        .SelectMany(file => File.ReadAllText(file).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(text => int.Parse(text, CultureInfo.InvariantCulture));

    /// <summary>Null when the process is gone, or about to be.</summary>
    private static string? MountNamespace(int pid)
    {
        try
        {
            return FileStatus.ReadLink($"/proc/{pid}/ns/mnt");
        }
        catch (SyscallException)
        {
            return null;
        }
    }
}
