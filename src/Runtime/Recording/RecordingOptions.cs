using Provenance.Archive.Records;
using Provenance.Runtime.Capturing;

namespace Provenance.Runtime.Recording;

/// <summary>What <c>prov run --record</c> is told about the recording itself.</summary>
public sealed record RecordingOptions
{
    public KeepMode Keep { get; init; }

    public ObserveMode Observe { get; init; }

    /// <summary>What the image holds that is made of the host's own files, where they are the job's.</summary>
    public PackMode Pack { get; init; }

    /// <summary>Absolute paths in the container that are hashed before the job starts, whatever their size.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Absolute paths in the container that the job must have made; the record has a hazard for each that it did not.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    public IReadOnlyList<Label> Labels { get; init; } = [];

    public RecordingLimits Limits { get; init; } = RecordingLimits.Default;

    /// <summary>Kept of what the job reads from a pipe, in bytes: nobody has it afterwards, so that it is as good as one of its outputs.</summary>
    internal long MaxInputKeptBytes => Keep switch
    {
        KeepMode.None => 0,
        KeepMode.All => Limits.MaxKeptBytes,
        _ => Limits.MaxStreamBytes,
    };
}
