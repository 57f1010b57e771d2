using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;
using Provenance.Runtime.Host;
using Provenance.Runtime.Native;
using Provenance.Runtime.Observing;
using Provenance.Runtime.Rootfs;
using Provenance.Runtime.Recording.Calls;

namespace Provenance.Runtime.Recording;

/// <summary>One recording, from the look before to the acknowledged record.</summary>
internal sealed class RecorderSession : IDisposable
{
    private const int MostNamed = 3;

    private readonly RecorderPlan _plan;
    private readonly TimeProvider _clock;
    private readonly StoreLayout _layout;
    private readonly BlobStore _blobs;
    private readonly WriterLease? _lease;

    /// <summary>What becomes durable with the record, in one go.</summary>
    private readonly BlobBatch _batch;
    private IFileObserver? _observer;
    private readonly JobRequirements _requirements;
    private readonly JobGpuCode _gpuCode;
    private readonly OutputRecorder _outputs;
    private readonly InputRecorder _input;
    private readonly CancellationTokenSource _abandoned = new();
    private readonly MemoryKills _kills = new(new MachineFiles(""));
    private long? _killsBefore;
    private Task<StandardInput>? _hashing;
    private Task<SigningKey?>? _signing;
    private Task<HostProfile>? _probing;

    /// <exception cref="SyscallException">A mount's source cannot be opened.</exception>
    public RecorderSession(RecorderPlan plan, TimeProvider clock)
    {
        _plan = plan;
        _clock = clock;
        _layout = new StoreLayout(plan.Archive);
        _blobs = new BlobStore(_layout, Files.SyncFolder);
        _lease = WriterLease.TryTake(_layout, plan.Image?.Record);
        if (plan.Image is { } image && !_blobs.Stands(image.Manifest))
        {
            _lease?.Dispose();
            throw new RecordingException($"image '{image.Reference}': was removed from the archive");
        }

        _batch = new BlobBatch(_blobs);
        var options = plan.Options;
        _observer = options.Observe switch
        {
            ObserveMode.Calls => new CallRecorder(_blobs, _batch, plan, clock),
            ObserveMode.Mounts => new MountObserver(_blobs, plan.Mounts, options, streamFiles: plan.StreamFiles),
            _ => null,
        };
        _requirements = new JobRequirements(_blobs, plan, clock);
        _gpuCode = new JobGpuCode(new RootfsStore(_blobs.Layout), plan);
        _outputs = new OutputRecorder(_batch, plan.Form, options.Keep == KeepMode.None ? 0 : options.Limits.MaxStreamBytes);
        _input = new InputRecorder(_batch, options.MaxInputKeptBytes);
    }

    /// <summary>After <see cref="End"/>: what was too much to keep, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; private set; } = [];

    /// <summary>What has to be done before the job may start; the rest goes on beside it.</summary>
    public void Begin()
    {
        // Neither depends on the job, and both would be waited for after it.
        _signing = Task.Run(() => new KeyStore(_layout, Files.SyncFolder, _clock).Find());
        _probing = Task.Run(HostProbe.Read);
        _killsBefore = _kills.Count();
        _observer?.Begin();
        if (_plan.Options.Observe != ObserveMode.Calls)
        {
            _requirements.Expect();
        }

        _hashing = Task.Factory.StartNew(
            HashBesideTheJob, _abandoned.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Something the job did, in order.</summary>
    public void Observe(ObservedEvent observed)
    {
        _observer?.Observe(observed);
        _requirements.Observe(observed);
        _gpuCode.Observe(observed);
    }

    public void Append(OutputStream stream, ReadOnlySpan<byte> bytes) => _outputs.Append(stream, bytes);

    public void AppendInput(ReadOnlySpan<byte> bytes) => _input.Append(bytes);

    /// <summary>Looks again, writes the record, signs it, and returns when the archive has acknowledged it.</summary>
    /// <exception cref="Archive.ArchiveException">The archive does not take it.</exception>
    public Digest End(RecorderOutcome ended)
    {
        using var key = _signing!.GetAwaiter().GetResult()
            ?? throw new RecordingException($"archive '{_layout.Root}': has no key to sign with");
        byte[] bytes = Build(ended, key.Signer.PublicKey);

        // What was observed of a million files is not held while the archive reads the lists of them.
        _observer?.Dispose();
        _observer = null;
        HeapBound.GiveBack();
        var signature = new StatementSigner(_layout, _clock).Sign(bytes, key);
        Notes = [.. Notes, .. signature.Warnings];
        var record = new RecordIntake(_blobs, Files.SyncFolder).Acknowledge(RecordKind.Run, bytes, signature.P7s, _batch);
        var endorser = new Endorser(_blobs, Files.SyncFolder, _clock, RecorderName.Current);
        var keeper = new RevocationKeeper(_blobs, Files.SyncFolder, _clock, RecorderName.Current);
        Notes = [.. Notes, .. endorser.EndorseBySecondKey(RecordKind.Run, bytes), .. keeper.Keep(key)];
        return record;
    }

    /// <summary>Puts what is acknowledged into log and catalog. Nobody has to wait for it: what is not done, the next does.</summary>
    public void Sequence()
    {
        // The record is acknowledged and needs its blobs by itself now.
        _lease?.Dispose();
        new RecordIntake(_blobs, Files.SyncFolder).SequenceIncoming();
        _requirements.Complete();
        try
        {
            new WitnessRound(_layout, Files.SyncFolder, _clock).Ask();
        }
        catch (Archive.ArchiveException)
        {
            // Nobody is there to be told; prov archive renew asks again, and tells.
        }
    }

    private byte[] Build(RecorderOutcome ended, Digest signer)
    {
        ended = ended with { MemoryKills = _kills.Count() - _killsBefore ?? 0 };
        ended = ended.MemoryKills > 0 ? ended with { MemoryLimitBytes = _kills.LimitBytes() } : ended;
        var stdin = _hashing!.GetAwaiter().GetResult();
        stdin = _plan.IsInputPassed && ended.InputLost is null ? _input.Finish(stdin) : stdin;
        string? zone = _plan.Environment.FirstOrDefault(variable => variable.Name == "TZ")?.Value;
        var timed = new TimedResults(new RunTimes(ended.Outcome.StartedAt, ended.Outcome.EndedAt, zone));
        var files = _observer?.End(ended, timed) ?? ObservedFiles.Nothing;
        _outputs.AddTo(timed);
        files = timed.Hazard is { } hazard ? files with { Hazards = [.. files.Hazards, hazard] } : files;
        bool isObserved = _plan.Options.Observe == ObserveMode.Calls && ended.NotObserved is null;
        var requirements = _requirements.Finish(isObserved);
        var plan = _plan with { Invocation = _plan.Invocation with { Stdin = stdin } };
        var builder = new RunRecordBuilder(plan, _probing!.GetAwaiter().GetResult(), _batch);
        var statement = builder.Build(files, requirements, _gpuCode.Find(), ended with { Outcome = _outputs.Finish(ended.Outcome) });
        Notes = [.. NotesOn(statement.Predicate)];
        return RecordJson.Serialize(statement with { Signer = signer });
    }

    public void Dispose()
    {
        _abandoned.Cancel();
        try
        {
            _hashing?.Wait();
        }
        catch (AggregateException)
        {
            // It was abandoned, and so is what it found.
        }

        _abandoned.Dispose();
        _observer?.Dispose();
        _requirements.Dispose();
        _outputs.Dispose();
        _input.Dispose();
        _batch.Dispose();
        _lease?.Dispose();
    }

    /// <summary>What whoever waits for the job should know of its files now; all else is in the record.</summary>
    private IEnumerable<string> NotesOn(RunRecord run)
    {
        foreach (var hazard in run.Hazards)
        {
            // What was not kept because nothing was to be needs no word.
            if (hazard.Id is "output-lost" or "out-of-memory" || (hazard.Id is "stream-not-kept" or "content-not-kept" && _plan.Options.Keep != KeepMode.None))
            {
                yield return hazard.Message;
            }
            else if (hazard.Id is "input-missing" or "output-missing" or "output-unexplained")
            {
                string[] named = [.. (hazard.Evidence ?? []).Take(MostNamed)];
                int others = (hazard.Evidence?.Count ?? 0) - named.Length;
                yield return $"{hazard.Message}{(named.Length == 0 ? "" : $": {string.Join(", ", named)}")}{(others > 0 ? $" and {others} others" : "")}";
            }
        }

        foreach (string sentence in run.Observation.NotSeen.Where(sentence => sentence.Contains("is not UTF-8", StringComparison.Ordinal)).Take(MostNamed))
        {
            yield return $"{sentence}: it is in no list, and not kept";
        }
    }

    private StandardInput HashBesideTheJob()
    {
        var stdin = _plan.Invocation.Stdin;
        if (_plan.StdinDescriptor is { } number)
        {
            using var file = new SafeFileHandle(number, ownsHandle: true);
            stdin = StdinRecorder.Read(stdin, file, _blobs, _plan.Options, _abandoned.Token);
        }

        _observer?.WorkBeside(_abandoned.Token);
        return stdin;
    }
}
