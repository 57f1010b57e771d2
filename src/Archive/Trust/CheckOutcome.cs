using System.Text.Json.Serialization;

namespace Provenance.Archive.Trust;

/// <summary>What one check of a record gave.</summary>
public enum CheckOutcome
{
    [JsonStringEnumMemberName("ok")]
    Ok,

    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>What is needed to check it is missing, or it is missing itself and the policy requires it.</summary>
    [JsonStringEnumMemberName("incomplete")]
    Incomplete,

    /// <summary>It is there, in a form or by an algorithm that this program does not know: it is neither right nor wrong, and does not count.</summary>
    [JsonStringEnumMemberName("notUnderstood")]
    NotUnderstood,

    /// <summary>There was nothing to check, or it was not asked for.</summary>
    [JsonStringEnumMemberName("absent")]
    Absent,
}
