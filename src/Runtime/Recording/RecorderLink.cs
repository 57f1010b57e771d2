using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Content;
using Provenance.Archive.Trust;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Recording;

/// <summary>The job's side of its recorder: a process in a session of its own, whose loss the job does not feel.</summary>
internal sealed class RecorderLink : IDisposable
{
    /// <summary>A recorder that takes nothing for so long is given up, so that a stopped one cannot stop the job.</summary>
    public const int PatienceMilliseconds = 30_000;

    /// <summary>Until a killed recorder is gone; one that the kernel holds fast is left to it.</summary>
    private const int KilledMilliseconds = 1_000;

    /// <summary>Lets the job run ahead of the recorder a little.</summary>
    private const int PipeBytes = 1 << 20;

    /// <summary>Where the recorder finds the job's standard input, when that is a file.</summary>
    private const int StdinCopy = 3;

    private readonly Lock _lock = new();
    private readonly SafeFileHandle _toRecorder;
    private readonly SafeFileHandle _fromRecorder;
    private readonly int _pid;
    private readonly int _patienceMilliseconds;
    private string? _lost;
    private bool _isGivenUp;
    private bool _isAcknowledged;

    private RecorderLink(SafeFileHandle toRecorder, SafeFileHandle fromRecorder, int pid, int patienceMilliseconds)
    {
        _toRecorder = toRecorder;
        _fromRecorder = fromRecorder;
        _pid = pid;
        _patienceMilliseconds = patienceMilliseconds;
    }

    /// <summary>The recorder's process.</summary>
    public int Pid => _pid;

    /// <param name="command">What is started.</param>
    /// <param name="patienceMilliseconds">For how long it may take nothing.</param>
    /// <exception cref="SyscallException">The recorder cannot be started.</exception>
    public static RecorderLink Start(RecorderCommand command, int patienceMilliseconds = PatienceMilliseconds)
    {
        var (planRead, planWrite) = Descriptors.Pipe();
        var (replyRead, replyWrite) = Descriptors.Pipe();
        using (planRead)
        using (replyWrite)
        using (var nowhere = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite))
        {
            Descriptors.Widen(planWrite, PipeBytes);
            Descriptors.SetNonBlocking(planWrite);
            var stdin = Descriptors.Standard(0);
            int pid = Spawner.Start(command.Program, [command.Program, .. command.Arguments],
            [
                (Descriptors.IsOpen(stdin) && Files.Status(stdin).IsFile ? stdin : nowhere, StdinCopy),
                (planRead, 0),
                (replyWrite, 1),
                (nowhere, 2),
            ]);
            return new RecorderLink(planWrite, replyRead, pid, patienceMilliseconds);
        }
    }

    /// <summary>Tells the plan and waits until the recorder has looked at the files.</summary>
    public void Prepare(RecorderPlan plan)
    {
        bool isFile = plan.Invocation.Stdin.Kind == "file";
        var told = plan with { StdinDescriptor = isFile ? StdinCopy : null, Passphrase = KeyPassphrase.Remembered };
        Send(FrameKind.Plan, JsonSerializer.SerializeToUtf8Bytes(told, RecordingJsonContext.Default.RecorderPlan));
        _ = Receive(FrameKind.Ready);
    }

    /// <summary>Passes on what the job wrote. A lost recorder is remembered, and nothing more is sent.</summary>
    public void Tap(OutputStream stream, ReadOnlySpan<byte> bytes) =>
        Send(stream == OutputStream.Stdout ? FrameKind.Stdout : FrameKind.Stderr, bytes);

    /// <summary>Passes on what the job read. As <see cref="Tap"/> for the rest.</summary>
    public void TapInput(ReadOnlySpan<byte> bytes) => Send(FrameKind.Stdin, bytes);

    /// <summary>Passes on what the job did: a batch of an <see cref="Observing.EventSender"/>. As <see cref="Tap"/> for the rest.</summary>
    public void Events(ReadOnlyMemory<byte> batch) => Send(FrameKind.Events, batch.Span);

    /// <summary>Tells the end and waits for the record.</summary>
    /// <returns>The run's id and what to tell of it, or why there is none.</returns>
    public (Digest? Run, IReadOnlyList<string> Notes, string? NotRecorded) Finish(RecorderOutcome outcome)
    {
        Send(FrameKind.Outcome, JsonSerializer.SerializeToUtf8Bytes(outcome, RecordingJsonContext.Default.RecorderOutcome));
        byte[]? content = Receive(FrameKind.Recorded);
        string[] answer = content is null ? [""] : Encoding.UTF8.GetString(content).Split('\n');
        _isAcknowledged = Digest.TryParse(answer[0], out var run);
        return _isAcknowledged ? (run, answer[1..], null) : (null, [], _lost ?? "recorder: gave no answer");
    }

    /// <summary>
    /// Lets the recorder go: without an outcome it stores nothing, and is ended if it does not end. After its answer it goes on by itself,
    /// and is not waited for.
    /// </summary>
    public void Dispose()
    {
        _toRecorder.Dispose();
        _fromRecorder.Dispose();
        if (!_isAcknowledged && (_isGivenUp || !Spawner.TryReap(_pid, _patienceMilliseconds)))
        {
            // A stopped process does not end by itself.
            _ = Libc.kill(_pid, Signals.SIGKILL);
            _ = Spawner.TryReap(_pid, KilledMilliseconds);
        }
    }

    private void Send(FrameKind kind, ReadOnlySpan<byte> content)
    {
        lock (_lock)
        {
            if (_lost is null && FrameChannel.TryWrite(_toRecorder, kind, content, _patienceMilliseconds) is var error
                && error != Errno.None)
            {
                _isGivenUp = error == Errno.ETIMEDOUT;

                // It may have said why before it left.
                _lost = ReadFailure() ?? $"recorder: lost ({error})";
            }
        }
    }

    /// <summary>Null when the recorder failed or is gone.</summary>
    private byte[]? Receive(FrameKind expected)
    {
        if (_lost is not null)
        {
            return null;
        }

        var frame = FrameChannel.Read(_fromRecorder);
        if (frame is { } answer && answer.Kind == expected)
        {
            return answer.Content;
        }

        _lost = frame is { Kind: FrameKind.Failed } failure
            ? Encoding.UTF8.GetString(failure.Content)
            : "recorder: ended before its work was done";
        return null;
    }

    private string? ReadFailure() =>
        Descriptors.Wait(_fromRecorder, Descriptors.POLLIN, 0)
        && FrameChannel.Read(_fromRecorder) is { Kind: FrameKind.Failed } failure
            ? Encoding.UTF8.GetString(failure.Content)
            : null;
}
