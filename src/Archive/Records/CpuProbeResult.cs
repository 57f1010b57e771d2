using System.Text.Json.Serialization;

namespace Provenance.Archive.Records;

/// <summary>What a run that was tried under qemu came to.</summary>
public enum CpuProbeResult
{
    /// <summary>It ended as the recorded run had.</summary>
    [JsonStringEnumMemberName("ended")]
    Ended,

    /// <summary>It was ended when its time was up, and had met no illegal instruction.</summary>
    [JsonStringEnumMemberName("still-running")]
    StillRunning,

    /// <summary>A process of it ended at an instruction that the processor lacks.</summary>
    [JsonStringEnumMemberName("illegal-instruction")]
    IllegalInstruction,

    /// <summary>It ended in a way that says nothing of the processor.</summary>
    [JsonStringEnumMemberName("unclear")]
    Unclear,

    [JsonStringEnumMemberName("not-tried")]
    NotTried,
}
