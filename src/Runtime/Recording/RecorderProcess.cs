using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Provenance.Archive;
using Provenance.Archive.Content;
using Provenance.Archive.Trust;
using Provenance.Runtime.Native;
using Provenance.Runtime.Observing;

namespace Provenance.Runtime.Recording;

/// <summary>What the hidden command <c>internal-recorder</c> does: is told of a job on standard input, and answers on standard output.</summary>
/// <remarks>It has a session of its own, so that ^C is none of its business. It ends when the other process does.</remarks>
public static class RecorderProcess
{
    private const int Patience = 10_000;

    /// <returns>The process' exit code; nobody waits for it but to reap it.</returns>
    public static int Run(TimeProvider clock)
    {
        var input = Descriptors.Standard(0);
        var output = Descriptors.Standard(1);
        try
        {
            Record(input, output, clock);
            return 0;
        }
#pragma warning disable CA1031 // whatever happens is told to the one who waits
        catch (Exception e)
#pragma warning restore CA1031
        {
            // Nobody sees what a process without a terminal says when it dies.
            FrameChannel.TryWrite(output, FrameKind.Failed, Encoding.UTF8.GetBytes(Describe(e)), Patience);
            return 1;
        }
    }

    private static string Describe(Exception e) => e switch
    {
        AggregateException { InnerException: { } first } => Describe(first),
        ArchiveException or RuntimeException or SyscallException or IOException or UnauthorizedAccessException or JsonException => e.Message,
        _ => $"{e.Message} ({e.GetType().Name}); this is a defect of prov",
    };

    /// <summary>Null when the other process ended without telling how the job did: then nothing is stored.</summary>
    /// <remarks>The answer is given as soon as the record is acknowledged; log and catalog come after it, when nobody waits any more.</remarks>
    internal static Digest? Record(SafeFileHandle input, SafeFileHandle output, TimeProvider clock)
    {
        if (FrameChannel.Read(input) is not { Kind: FrameKind.Plan } first)
        {
            return null;
        }

        var plan = Parse(first.Content);
        if (plan.Passphrase is { } passphrase)
        {
            KeyPassphrase.Remember(passphrase);
        }

        using var session = new RecorderSession(plan, clock);
        session.Begin();
        FrameChannel.TryWrite(output, FrameKind.Ready, [], Patience);
        StepAside();
        while (FrameChannel.Read(input) is { } frame)
        {
            switch (frame.Kind)
            {
                case FrameKind.Stdout:
                    session.Append(OutputStream.Stdout, frame.Content);
                    break;
                case FrameKind.Stderr:
                    session.Append(OutputStream.Stderr, frame.Content);
                    break;
                case FrameKind.Stdin:
                    session.AppendInput(frame.Content);
                    break;
                case FrameKind.Events:
                    EventReader.ReadAll(frame.Content).ForEach(session.Observe);
                    break;
                case FrameKind.Outcome:
                    var run = session.End(ParseOutcome(frame.Content));
                    byte[] answer = Encoding.UTF8.GetBytes(string.Join('\n', session.Notes.Prepend(run.ToString())));
                    FrameChannel.TryWrite(output, FrameKind.Recorded, answer, Patience);
                    session.Sequence();
                    return run;
                default:
                    throw new RecordingException($"frame has kind {frame.Kind}, expected a stream or the outcome");
            }
        }

        return null;
    }

    /// <summary>The job goes first from here on.</summary>
    private static void StepAside()
    {
        using var self = Process.GetCurrentProcess();
        self.PriorityClass = ProcessPriorityClass.BelowNormal;
    }

    private static RecorderPlan Parse(byte[] content) =>
        JsonSerializer.Deserialize(content, RecordingJsonContext.Default.RecorderPlan)
        ?? throw new RecordingException("plan: is null");

    private static RecorderOutcome ParseOutcome(byte[] content) =>
        JsonSerializer.Deserialize(content, RecordingJsonContext.Default.RecorderOutcome)
        ?? throw new RecordingException("outcome: is null");
}
