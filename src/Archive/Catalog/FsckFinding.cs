using System.Text.Json.Serialization;
using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

/// <summary>One thing that is not as it should be.</summary>
public sealed record FsckFinding(FsckSeverity Severity, string Subject, string Message)
{
    /// <summary>The blob whose content it is about; null when it is about something else.</summary>
    [JsonIgnore]
    internal Digest? Blob { get; init; }
}
