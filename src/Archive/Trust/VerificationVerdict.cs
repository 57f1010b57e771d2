using System.Text.Json.Serialization;

namespace Provenance.Archive.Trust;

/// <summary>What all checks of a record come to. What is wrong, whom one does not trust and what is missing are three different things.</summary>
public enum VerificationVerdict
{
    [JsonStringEnumMemberName("good")]
    Good,

    /// <summary>Something does not match: a signature, a time stamp, the log, a byte.</summary>
    [JsonStringEnumMemberName("bad")]
    Bad,

    /// <summary>Nothing is known to be wrong, and something can be judged by nobody who runs this program: it is not relied on.</summary>
    [JsonStringEnumMemberName("notUnderstood")]
    NotUnderstood,

    /// <summary>All matches, and the signer is not trusted here, or not for this kind of record.</summary>
    [JsonStringEnumMemberName("untrusted")]
    Untrusted,

    /// <summary>Nothing is wrong, and something that is needed is missing: a blob, or a time stamp or place in the log that the policy requires.</summary>
    [JsonStringEnumMemberName("incomplete")]
    Incomplete,
}
