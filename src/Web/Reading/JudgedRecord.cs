using Provenance.Archive.Trust;

namespace Provenance.Web.Reading;

/// <summary>A record's facts, and when this server found them out.</summary>
/// <param name="Facts">As <c>prov verify</c> prints them.</param>
/// <param name="CheckedAt">By the server's clock.</param>
public sealed record JudgedRecord(RecordVerification Facts, DateTimeOffset CheckedAt);
