namespace Provenance.Runtime.Recording;

/// <summary>What a frame between the job's process and its recorder holds.</summary>
internal enum FrameKind : byte
{
    /// <summary>To the recorder, first: a <see cref="RecorderPlan"/>.</summary>
    Plan = 1,

    /// <summary>To the recorder: bytes the job wrote.</summary>
    Stdout = 2,

    Stderr = 3,

    /// <summary>To the recorder, last: a <see cref="RecorderOutcome"/>. Without it nothing is recorded.</summary>
    Outcome = 4,

    /// <summary>From the recorder: the job may start.</summary>
    Ready = 5,

    /// <summary>From the recorder: the run's id, as text. The archive has acknowledged it.</summary>
    Recorded = 6,

    /// <summary>To the recorder: what the job did, as <see cref="Observing.EventReader"/> reads it.</summary>
    Events = 8,

    /// <summary>To the recorder: bytes the job read from its standard input, where that is a pipe.</summary>
    Stdin = 9,

    /// <summary>From the recorder: why the run is not recorded, as text.</summary>
    Failed = 7,
}
