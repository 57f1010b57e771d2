using Provenance.Archive.Content;
using Provenance.Runtime.Native;
using Provenance.Runtime.Observing;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Recording;

/// <summary>Runs a job and has it recorded by a process of its own, whose death, slowness or full disk the job never feels.</summary>
public sealed class JobRecorder(RecorderCommand recorder, StoreLayout archive, TimeProvider clock)
{
    /// <exception cref="CommandException">The program is not there or cannot be executed: nothing is recorded.</exception>
    /// <exception cref="RuntimeException">The container, or an image of the host's files, cannot be made: nothing is recorded.</exception>
    public RecordedJobResult Run(JobPlan plan, RecordingOptions options)
    {
        if (plan.Image is null && !plan.IsOnHost)
        {
            return NotRecorded(JobRunner.Run(plan.Spec, clock), "image: has no record of its own");
        }

        string? obstacle = options.Observe == ObserveMode.Calls ? CallObserver.FindObstacle() : null;
        if (plan.IsOnHost && (obstacle is not null || options.Observe != ObserveMode.Calls))
        {
            throw new RecordingException(
                $"no image can be made of the files of this machine that the job uses: {obstacle ?? "its calls are not to be observed"}");
        }

        RecorderLink link;
        try
        {
            link = RecorderLink.Start(recorder);
        }
        catch (SyscallException e)
        {
            return NotRecorded(JobRunner.Run(plan.Spec, clock), e.Message);
        }

        using (link)
        {
            return Run(plan, options, link, obstacle);
        }
    }

    private RecordedJobResult Run(JobPlan plan, RecordingOptions options, RecorderLink link, string? obstacle)
    {
        using var channels = OutputChannels.ForOurOwn();
        var invocation = InvocationFacts.Describe(plan.Spec);
        var stdin = Descriptors.Standard(0);
        string? inputObstacle = null;
        using var passed = invocation.Stdin.Kind == "pipe" ? PassedInput.TryOpen(stdin, link.TapInput, out inputObstacle) : null;
        using var untouched = new GivenInput(stdin);
        link.Prepare(new RecorderPlan
        {
            Archive = archive.Root,
            Invocation = invocation,
            Image = plan.Image,
            Environment = RecordedEnvironment.Of(plan.Spec.Environment),
            Mounts = plan.Mounts,
            PutFiles = [.. plan.Spec.GeneratedFiles.Select(file => new PutFile(file.Key, file.Value.ToArray()))],
            Injected = plan.Injection?.Files ?? [],
            Injection = plan.Injection?.ToRecord(),
            // What is known to be in vain is not begun: comparing folders wants other preparations.
            Options = obstacle is null ? options : options with { Observe = ObserveMode.Mounts },
            Form = channels.Form,
            IsInputPassed = passed is not null,
            StreamFiles = InvocationFacts.FindStreamFiles(),
            Notes =
            [
                .. plan.Notes,
                .. inputObstacle is null ? Array.Empty<string>() : [$"{inputObstacle}: what the job read from it is not known"],
                .. obstacle is null ? Array.Empty<string>() : [$"calls are not observed: {obstacle}"],
            ],
        });
        bool observes = options.Observe == ObserveMode.Calls && obstacle is null;
        using var events = observes ? new EventSender(link.Events) : null;
        var spec = plan.Spec with { Observe = events is null ? null : events.Add };
        var result = RunTapped(spec, passed ?? (InputChannel)untouched, channels, link.Tap, clock);
        if (passed is not null)
        {
            // Who writes into our pipe learns now, and not when the record is made, that nobody reads any more.
            Descriptors.Abandon(stdin);
        }

        events?.Finish();
        var (run, notes, notRecorded) = link.Finish(RecorderOutcome.Of(result, channels.ReaderLeft) with
        {
            OutputLost = channels.Lost,
            InputLost = passed?.Lost,
            Pinning = plan.Pin?.Finished(result),
        });
        return new RecordedJobResult
        {
            Container = result,
            Run = run,
            Notes = notes,
            NotRecorded = notRecorded,
        };
    }

    /// <summary>Runs a job whose streams go through channels, and returns when all of it is carried.</summary>
    internal static ContainerResult RunTapped(ContainerSpec spec, InputChannel input, OutputChannels channels, StreamTap tap, TimeProvider clock)
    {
        const int WindowChanged = 28;  // SIGWINCH, signal(7)
        var streams = channels.Streams with { Input = input.JobDescriptor, Feeding = input.FeedingDescriptor };
        using var signals = SignalForwarder.Install();
        using var container = Container.Start(spec with { Streams = streams }, clock);
        input.Start();
        channels.Start(tap, () => container.Signal(WindowChanged));
        var result = container.Wait(signals);
        input.Finish();
        channels.Finish();
        return result;
    }

    private static RecordedJobResult NotRecorded(ContainerResult result, string reason) =>
        new() { Container = result, NotRecorded = reason };
}
