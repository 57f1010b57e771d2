using System.Text.Json.Serialization;

namespace Provenance.Archive.Transparency;

/// <summary>What became of a log since it was last seen.</summary>
public enum AuditOutcome
{
    /// <summary>It is as it was, or has grown at its end; everything new was recomputed.</summary>
    [JsonStringEnumMemberName("consistent")]
    Consistent,

    /// <summary>A file is missing, or does not agree with what the checkpoint commits to.</summary>
    [JsonStringEnumMemberName("damaged")]
    Damaged,

    /// <summary>There is no checkpoint, or what stands there is none.</summary>
    [JsonStringEnumMemberName("malformed")]
    Malformed,

    /// <summary>The checkpoint is another log's.</summary>
    [JsonStringEnumMemberName("wrong-origin")]
    WrongOrigin,

    /// <summary>The log's key has not signed it, or the signature does not hold.</summary>
    [JsonStringEnumMemberName("not-signed")]
    NotSigned,

    /// <summary>Two roots are signed for one size.</summary>
    [JsonStringEnumMemberName("forked")]
    Forked,

    /// <summary>It is larger, and does not begin with what was seen.</summary>
    [JsonStringEnumMemberName("rewritten")]
    Rewritten,

    /// <summary>Entries that were seen are gone from the end.</summary>
    [JsonStringEnumMemberName("rolled-back")]
    RolledBack,
}
