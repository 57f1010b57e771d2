using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Provenance.Runtime.Native;
using Provenance.Runtime.Observing;
using Provenance.Runtime.Pinning;

namespace Provenance.Runtime.Sandbox;

/// <summary>The process that a <see cref="SyscallPlan"/> makes, from its clone to the begin of the job's program.</summary>
internal sealed unsafe class ContainerChild(
    SyscallPlan plan, LaunchDescriptors descriptors, IdentityMap map, CallObserver? observer, JobTracer? tracer, TimeProvider clock)
{
    // Room for a struct ucred and one descriptor, each with its header.
    private const int ControlBytes = 64;

    private bool _reaped;

    /// <summary>Our own child: process 1 of the container, or the job itself.</summary>
    public int FirstPid { get; private set; }

    /// <summary>The job's first process, as this process sees it.</summary>
    public int JobPid { get; private set; }

    /// <summary>Why the job is not followed; null when nobody asked.</summary>
    public Errno? NotTraced { get; private set; }

    /// <summary>Tells of the job's debuggers, for the container to answer; null where the observer does.</summary>
    public SeccompListener? Debuggers { get; private set; }

    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>By the clock's own count.</summary>
    public long StartedTimestamp { get; private set; }

    /// <summary>Returns when the job's program has begun, or with the step that failed; then nothing is left.</summary>
    public StepFailure? Start()
    {
        using var program = new SyscallProgram(plan.Steps, descriptors.ReportWrite);
        plan.Place(program);
        StartedAt = clock.GetUtcNow();
        StartedTimestamp = clock.GetTimestamp();
        program.Run();
        long pid = BinaryPrimitives.ReadInt64LittleEndian(program.Read(plan.FirstPid));
        if (pid < 0)
        {
            descriptors.Dispose();
            return new StepFailure(plan.Steps.First(step => step.Call == Syscall.Clone), (Errno)(-pid));
        }
        FirstPid = JobPid = (int)pid;
        descriptors.Close(descriptors.ReportWrite, descriptors.ResultWrite, descriptors.BarrierRead);
        try
        {
            LetGo();
            return ReadReport(program);
        }
        catch
        {
            if (!_reaped)
                Reap(kill: true);
            throw;
        }
    }

    /// <summary>Waits for our own child, after killing it where it is not wanted any more.</summary>
    public (int Status, ResourceUsage Usage) Reap(bool kill)
    {
        if (kill)
            _ = Libc.kill(FirstPid, Signals.SIGKILL);
        int status = 0;
        ResourceUsage usage = default;
        while (Libc.wait4(FirstPid, &status, Libc.__WALL, &usage) < 0)
        {
            if ((Errno)Marshal.GetLastPInvokeError() != Errno.EINTR)
                throw SyscallException.FromLastError("wait4", $"{FirstPid}");
        }
        _reaped = true;
        return (status, usage);
    }

    /// <summary>Maps the ids where only we may, and lets the child go on.</summary>
    private void LetGo()
    {
        if (!map.FromOutside)
            return;
        WriteMap($"/proc/{FirstPid}/uid_map", map.Uids);
        WriteMap($"/proc/{FirstPid}/gid_map", map.Gids);
        byte go = 1;
        if (Libc.write(descriptors.BarrierWrite, &go, 1) != 1)
            throw SyscallException.FromLastError("write");
        descriptors.Close(descriptors.BarrierWrite);
    }

    /// <summary>user_namespaces(7): the whole map in one write.</summary>
    private static void WriteMap(string path, string content)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, System.IO.FileAccess.Write, FileShare.ReadWrite, 0);
            file.Write(Encoding.UTF8.GetBytes(content));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SandboxException($"map of ids '{path}': {exception.Message}", exception);
        }
    }

    private StepFailure? ReadReport(SyscallProgram program)
    {
        bool began = plan.Steps.All(step => step.ResultToMatch is null);
        while (ReadMessage() is { } message)
        {
            if (message.Index == SyscallPlan.Observable)
            {
                observer!.Begin(message.Descriptor, message.Sender, FirstPid == message.Sender ? 0 : FirstPid);
                continue;
            }
            if (message.Index == SyscallPlan.Traceable)
            {
                AskToFollow(message.Sender, message.Descriptor);
                continue;
            }
            if (message.Index != SyscallPlan.AboutToBegin)
            {
                Reap(kill: false);
                descriptors.Dispose();
                return new StepFailure(program.StepAt(message.Index), message.Errno);
            }
            JobPid = message.Sender;
            began = true;
        }
        if (observer?.Obstacle is not null)
        {
            // The trial call could not even be made to fail, and its process was ended.
            Reap(kill: true);
            descriptors.Dispose();
            return new StepFailure(plan.TrialCall!, Errno.ENOSYS);
        }
        descriptors.Close(descriptors.ReportRead);
        if (began)
            return null;
        var status = new ExitStatus(Reap(kill: true).Status);
        throw new SandboxException($"container '{FirstPid}': ended during its set-up, {status}");
    }

    /// <param name="job">The process that waits for the answer.</param>
    /// <param name="listener">Tells of its debuggers; negative for none.</param>
    private void AskToFollow(int job, int listener)
    {
        if (listener >= 0)
            Debuggers = new SeccompListener(listener);
        // A debugger that could not take our place would not work.
        if (tracer!.IsBounded && listener < 0 && observer is null)
            AnswerTraceable(Errno.ENOSYS);
        else
            tracer.Seize(job, AnswerTraceable);
    }

    /// <summary>Also called on the tracer's thread, while the job waits for it and we for the job.</summary>
    private void AnswerTraceable(Errno outcome)
    {
        NotTraced = outcome;
        byte* answer = stackalloc byte[SyscallPlan.NotFollowedAnswer];
        int length = outcome == Errno.None ? SyscallPlan.FollowedAnswer : SyscallPlan.NotFollowedAnswer;
        // A job that has been killed meanwhile needs no answer.
        _ = Libc.write(descriptors.ReportRead, answer, (nuint)length);
    }

    /// <summary>Null at the end: nobody is left who could report.</summary>
    private (int Index, Errno Errno, int Sender, int Descriptor)? ReadMessage()
    {
        int* words = stackalloc int[2];
        byte* control = stackalloc byte[ControlBytes];
        var vector = new IoVector { iov_base = words, iov_len = 2 * sizeof(int) };
        var header = new MessageHeader
        {
            iov = &vector,
            iovlen = 1,
            control = control,
            controllen = ControlBytes,
        };
        nint length;
        while ((length = Libc.recvmsg(descriptors.ReportRead, &header, Libc.MSG_CMSG_CLOEXEC)) < 0)
        {
            if ((Errno)Marshal.GetLastPInvokeError() != Errno.EINTR)
                throw SyscallException.FromLastError("recvmsg");
        }
        if (length == 0)
            return null;
        var (sender, descriptor) = ReadControl(control, (int)header.controllen);
        return (words[0], (Errno)words[1], sender, descriptor);
    }

    /// <summary>cmsg(3): headers of 16 bytes, each followed by its data and filled up to eight bytes.</summary>
    private static (int Sender, int Descriptor) ReadControl(byte* control, int length)
    {
        const int HeaderBytes = 16;
        int sender = 0, descriptor = -1;
        for (int at = 0; at + HeaderBytes <= length;)
        {
            long bytes = *(long*)(control + at);
            int type = *(int*)(control + at + 12);
            int first = *(int*)(control + at + HeaderBytes);
            if (type == Libc.SCM_CREDENTIALS)
                sender = first;
            else if (type == Libc.SCM_RIGHTS)
                descriptor = first;
            at += (int)((bytes + sizeof(long) - 1) / sizeof(long) * sizeof(long));
        }
        return (sender, descriptor);
    }
}
