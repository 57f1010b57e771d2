namespace Provenance.Archive.Records;

/// <summary>One GPU and its driver.</summary>
public sealed record GpuProfile
{
    /// <summary><c>nvidia</c>, <c>amd</c>, <c>intel</c>.</summary>
    public required string Vendor { get; init; }

    public required string Model { get; init; }

    /// <summary>PCI address, such as <c>0000:01:00.0</c>.</summary>
    public required string PciAddress { get; init; }

    /// <summary>Vendor and device, such as <c>10de:2330</c>.</summary>
    public required string PciId { get; init; }

    /// <summary>Version of the kernel driver; null when it is not loaded.</summary>
    public string? DriverVersion { get; init; }

    /// <summary>Its own memory, in bytes; null where the kernel driver does not tell, as NVIDIA's does not.</summary>
    public long? MemoryBytes { get; init; }
}
