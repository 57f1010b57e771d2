using System.Text.Json.Serialization;

namespace Provenance.Archive.Records;

/// <summary>What a record tells of.</summary>
public enum RecordKind
{
    [JsonStringEnumMemberName("image")]
    Image,

    [JsonStringEnumMemberName("run")]
    Run,

    [JsonStringEnumMemberName("replay")]
    Replay,

    /// <summary>A further signature under one of the others.</summary>
    [JsonStringEnumMemberName("endorsement")]
    Endorsement,

    /// <summary>A paper that rests on a run.</summary>
    [JsonStringEnumMemberName("citation")]
    Citation,

    /// <summary>A key has a successor.</summary>
    [JsonStringEnumMemberName("rotation")]
    Rotation,

    /// <summary>A revocation list, as an authority had published it.</summary>
    [JsonStringEnumMemberName("revocation")]
    Revocation,

    /// <summary>A record was taken down by whoever keeps an archive.</summary>
    [JsonStringEnumMemberName("tombstone")]
    Tombstone,
}
