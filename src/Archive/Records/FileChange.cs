using System.Text.Json.Serialization;

namespace Provenance.Archive.Records;

/// <summary>What became of a file during the run.</summary>
public enum FileChange
{
    [JsonStringEnumMemberName("created")]
    Created,

    [JsonStringEnumMemberName("changed")]
    Changed,

    [JsonStringEnumMemberName("deleted")]
    Deleted,
}
