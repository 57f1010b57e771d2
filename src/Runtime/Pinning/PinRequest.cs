using Provenance.Archive.Records;

namespace Provenance.Runtime.Pinning;

/// <summary>Which processor a job is to take this one for.</summary>
/// <param name="Level">A psABI level <c>v1</c>…<c>v4</c>; null for another processor.</param>
/// <param name="Profile">A host with that processor; null with a level, and for the recorded one.</param>
/// <param name="Mode">By what means.</param>
public sealed record PinRequest(string? Level, HostProfile? Profile, PinMode Mode)
{
    /// <summary>The emulator's name for a processor; null for the one that stands for the recorded one. With <see cref="PinMode.Emulate"/>.</summary>
    public string? Model { get; init; }

    /// <summary>The processor that the run was recorded on.</summary>
    public bool IsRecorded => Level is null && Profile is null && Model is null;
}
