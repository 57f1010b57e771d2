using System.Text.Json.Serialization;

namespace Provenance.Archive.Trust;

/// <summary>What a certificate in <c>trust/</c> is trusted for.</summary>
public enum TrustRole
{
    /// <summary>It signs records.</summary>
    [JsonStringEnumMemberName("signer")]
    Signer,

    /// <summary>It vouches for others that sign records.</summary>
    [JsonStringEnumMemberName("authority")]
    Authority,

    /// <summary>It makes time stamps, or vouches for who does.</summary>
    [JsonStringEnumMemberName("time")]
    Time,
}
