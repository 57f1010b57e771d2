namespace Provenance.Runtime.Injection.Cdi;

/// <summary>A specification of devices, as a vendor's tool leaves it on a host.</summary>
/// <remarks>Source: Container Device Interface 1.1.0, SPEC.md, which also says that unknown members make it invalid.</remarks>
internal sealed record CdiSpec
{
    public required string CdiVersion { get; init; }

    /// <summary>Vendor and class, such as <c>nvidia.com/gpu</c>.</summary>
    public required string Kind { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public required IReadOnlyList<CdiDevice> Devices { get; init; }

    /// <summary>What is done for any of the devices.</summary>
    public CdiEdits? ContainerEdits { get; init; }
}
