namespace Provenance.Runtime.Observing;

/// <summary>Something that could not be seen: a call whose path could not be read, events beyond a bound. The record must say it.</summary>
internal sealed record ObservedLoss : ObservedEvent
{
    /// <summary>A plain sentence for <c>observation.notSeen</c>.</summary>
    public required string Sentence { get; init; }
}
