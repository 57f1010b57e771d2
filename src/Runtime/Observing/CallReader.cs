using Provenance.Runtime.Native;

namespace Provenance.Runtime.Observing;

/// <summary>Makes events of calls that are about to be done.</summary>
/// <remarks>
/// A call is read from the memory of the job before the kernel reads it again, and before it is known whether it succeeds:
/// a job that wants to can lie. What is seen is what a job that does not care for us does.
/// </remarks>
/// <param name="emit">Told of what was read.</param>
/// <param name="isPrivileged">Whether the job may do with files what their permissions do not say.</param>
internal sealed partial class CallReader(
    SeccompListener listener, PathResolver paths, JobProcesses processes, Action<ObservedEvent> emit, bool isPrivileged)
{
    private readonly byte[] _path = GC.AllocateArray<byte>(PathResolver.MaxPathBytes, pinned: true);
    private readonly byte[] _otherPath = GC.AllocateArray<byte>(PathResolver.MaxPathBytes, pinned: true);
    private readonly InterpreterFinder _interpreters = new();

    /// <returns>What the call fails with; None to let the kernel do it.</returns>
    public Errno Read(in SeccompNotice notice)
    {
        if (CallTable.Find(notice.arch, notice.nr) is not { } row || processes.Of(notice.pid) is not { } process)
            return Errno.None;
        bool narrow = notice.arch == SeccompFilter.AUDIT_ARCH_I386;
        var task = new ObservedTask(notice.id, notice.pid, process, narrow, notice.args);
        if (row.Shape == CallShape.Ring)
        {
            Note(task, "io-uring-refused");
            return Errno.ENOSYS;
        }
        if (row.Since is not null)
            Note(task, row.Note);
        Read(row, task);
        return Errno.None;
    }

    private void Read(ObservedCall row, in ObservedTask task)
    {
        switch (row.Shape)
        {
            case CallShape.Path:
                ReadPath(row, task);
                break;
            case CallShape.Open:
                Open(task, Libc.AT_FDCWD, 0, (uint)task.Number(1), 0);
                break;
            case CallShape.Openat:
                Open(task, task.Number(0), 1, (uint)task.Number(2), 0);
                break;
            case CallShape.Openat2:
                ReadOpenat2(task);
                break;
            case CallShape.Creat:
                Open(task, Libc.AT_FDCWD, 0, (uint)(Files.O_CREAT | Files.O_WRONLY | O_TRUNC), 0);
                break;
            case CallShape.Execve:
                Execute(task, new PathQuestion(task.Task, Libc.AT_FDCWD, true), 0, 1);
                break;
            case CallShape.Execveat:
                bool follows = (task.Number(4) & Files.AT_SYMLINK_NOFOLLOW) == 0;
                Execute(
                    task, new PathQuestion(task.Task, task.Number(0), follows) { EmptyIsFolder = (task.Number(4) & Files.AT_EMPTY_PATH) != 0 }, 1, 2);
                break;
            case CallShape.Rename or CallShape.Link or CallShape.Renameat or CallShape.Linkat:
                ReadTwoNames(row.Shape, task);
                break;
            default:
                ReadOther(row.Shape, task);
                break;
        }
    }

    private void ReadOther(CallShape shape, in ObservedTask task)
    {
        switch (shape)
        {
            case CallShape.Connect or CallShape.Bind:
                ReadAddress(task, task.Number(0), task.Pointer(1), task.Number(2), shape == CallShape.Bind);
                break;
            case CallShape.SendTo:
                ReadSendTo(task, task.Number(0), task.Pointer(1), task.Pointer(2), task.Pointer(4), task.Number(5));
                break;
            case CallShape.SendMany:
                ReadMessages(task, task.Number(0), task.Pointer(1), task.Number(2));
                break;
            case CallShape.Socketcall:
                ReadSocketcall(task);
                break;
            case CallShape.Chroot:
                paths.RootsDiffer = true;
                Note(task, "chroot");
                break;
            case CallShape.Namespaces:
                paths.RootsDiffer = true;
                Note(task, "own-namespaces");
                break;
            case CallShape.MemoryFile:
                Note(task, "memory-file");
                break;
            case CallShape.OwnListener:
                Note(task, "own-seccomp-listener-refused");
                break;
        }
    }

    /// <summary>Reads a path argument; null when the call can only fail, or its thread is gone.</summary>
    private ReadOnlySpan<byte> ReadText(in ObservedTask task, ulong address, byte[] into, out bool read)
    {
        int? length = TaskMemory.ReadText(task.Task, address, into);
        if (length is null && TaskMemory.LastError == Errno.EPERM)
            Lose(task, "a program that may not be read was run: the paths of its calls are not known");
        read = length is not null && listener.IsWaiting(task.Id);
        return read ? into.AsSpan(0, length!.Value) : [];
    }

    private void Touch(in ObservedTask task, FileAccess access, in ResolvedPath path) => emit(new FileTouched
    {
        Process = task.Process.Number,
        Access = access,
        Path = path.Path,
        Named = path.Named,
        Before = path.Before,
    });

    private void Note(in ObservedTask task, string what)
    {
        if (task.Process.Noted.Add(what))
            emit(new CallNoted { Process = task.Process.Number, What = what });
    }

    private void Lose(in ObservedTask task, string sentence)
    {
        if (task.Process.Noted.Add(sentence))
            emit(new ObservedLoss { Process = task.Process.Number, Sentence = sentence });
    }
}
