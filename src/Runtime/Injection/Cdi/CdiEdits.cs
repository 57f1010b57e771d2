namespace Provenance.Runtime.Injection.Cdi;

/// <summary>What is changed of a container for a device.</summary>
internal sealed record CdiEdits
{
    /// <summary><c>NAME=value</c> each.</summary>
    public IReadOnlyList<string>? Env { get; init; }

    public IReadOnlyList<CdiDeviceNode>? DeviceNodes { get; init; }

    public IReadOnlyList<CdiMount>? Mounts { get; init; }

    public IReadOnlyList<CdiHook>? Hooks { get; init; }

    /// <summary>Groups that the job is to be in.</summary>
    public IReadOnlyList<long>? AdditionalGids { get; init; }

    /// <summary>Not looked into: what it asks for is for root alone.</summary>
    public System.Text.Json.Nodes.JsonObject? IntelRdt { get; init; }

    /// <summary>Not looked into: to move a network interface is for root alone.</summary>
    public System.Text.Json.Nodes.JsonArray? NetDevices { get; init; }
}
