namespace Provenance.Runtime.Injection.Cdi;

/// <summary>One device of a specification.</summary>
internal sealed record CdiDevice
{
    public required string Name { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public CdiEdits? ContainerEdits { get; init; }
}
