namespace Provenance.Runtime.Observing;

/// <summary>A host name that the job asked a DNS server for.</summary>
internal sealed record NameAsked : ObservedEvent
{
    public required string Name { get; init; }
}
