using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;
using Provenance.Runtime.Native;
using Provenance.Runtime.Observing;
using Provenance.Runtime.Recording.Calls;

namespace Provenance.Runtime.Recording;

/// <summary>One recording, from the look before to the acknowledged record.</summary>
internal sealed class RecorderSession : IDisposable
{
    private readonly RecorderPlan _plan;
    private readonly TimeProvider _clock;
    private readonly StoreLayout _layout;
    private readonly BlobStore _blobs;
    private readonly IFileObserver? _observer;
    private readonly OutputRecorder _outputs;
    private readonly CancellationTokenSource _abandoned = new();
    private Task<StandardInput>? _hashing;

    /// <exception cref="SyscallException">A mount's source cannot be opened.</exception>
    public RecorderSession(RecorderPlan plan, TimeProvider clock)
    {
        _plan = plan;
        _clock = clock;
        _layout = new StoreLayout(plan.Archive);
        _blobs = new BlobStore(_layout, Files.SyncFolder);
        var options = plan.Options;
        _observer = options.Observe switch
        {
            ObserveMode.Calls => new CallRecorder(_blobs, plan, clock),
            ObserveMode.Mounts => new MountObserver(_blobs, plan.Mounts, options),
            _ => null,
        };
        _outputs = new OutputRecorder(_blobs, plan.Form, options.Keep == KeepMode.None ? 0 : options.Limits.MaxStreamBytes);
    }

    /// <summary>What has to be done before the job may start; the rest goes on beside it.</summary>
    public void Begin()
    {
        _observer?.Begin();
        _hashing = Task.Factory.StartNew(
            HashBesideTheJob, _abandoned.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Something the job did, in order.</summary>
    public void Observe(ObservedEvent observed) => _observer?.Observe(observed);

    public void Append(OutputStream stream, ReadOnlySpan<byte> bytes) => _outputs.Append(stream, bytes);

    /// <summary>Looks again, writes the record, signs it, and returns when the archive has acknowledged it.</summary>
    /// <exception cref="Archive.ArchiveException">The archive does not take it.</exception>
    public Digest End(RecorderOutcome ended)
    {
        var stdin = _hashing!.GetAwaiter().GetResult();
        var files = _observer?.End(ended) ?? ObservedFiles.Nothing;
        var builder = new RunRecordBuilder(_plan with { Invocation = _plan.Invocation with { Stdin = stdin } }, _blobs);
        var statement = builder.Build(files, ended with { Outcome = _outputs.Finish(ended.Outcome) });
        byte[] bytes = RecordJson.Serialize(statement);
        using var key = new KeyStore(_layout, Files.SyncFolder, _clock).Find()
            ?? throw new RecordingException($"archive '{_layout.Root}': has no key to sign with");
        byte[] signature = CmsSigner.Sign(bytes, key, _clock);
        return new RecordIntake(_blobs, Files.SyncFolder).Accept(RecordKind.Run, bytes, signature);
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
        _outputs.Dispose();
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
