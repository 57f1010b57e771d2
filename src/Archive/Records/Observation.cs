namespace Provenance.Archive.Records;

/// <summary>Which means of observation were on, and what they could not see.</summary>
public sealed record Observation
{
    /// <summary>
    /// <c>calls</c>: every call that opens, makes or starts a file was seen. <c>mounts</c>: writable folders compared before and after.
    /// <c>none</c>: nothing was looked at.
    /// </summary>
    public required string Files { get; init; }

    /// <summary>Plain sentences, each a thing this record does not know.</summary>
    public required IReadOnlyList<string> NotSeen { get; init; }
}
