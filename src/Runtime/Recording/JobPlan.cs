using Provenance.Archive.Records;
using Provenance.Runtime.Host;
using Provenance.Runtime.Pinning;
using Provenance.Runtime.Injection;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Recording;

/// <summary>A job with everything decided: the container to make, and the same in the words of a record.</summary>
public sealed record JobPlan
{
    public required ContainerSpec Spec { get; init; }

    /// <summary>Null when the image has no record: it can be run, but not recorded. Null for the host's own files, too.</summary>
    public required RunImage? Image { get; init; }

    /// <summary>The job runs on the host's own files; a record has them packed as an image.</summary>
    public bool IsOnHost => Spec.Rootfs == ContainerSpec.HostRoot;

    /// <summary>The places that the job's data go through, in the order of their destinations.</summary>
    public required IReadOnlyList<Mount> Mounts { get; init; }

    /// <summary>Null when the job sees this processor.</summary>
    internal PinPlan? Pin { get; init; }

    /// <summary>What of the host is in the container beside that; null for nothing.</summary>
    public InjectionPlan? Injection { get; init; }

    /// <summary>Plain sentences on what was decided otherwise than one might expect.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The same job, which takes this processor for another.</summary>
    /// <exception cref="SandboxException">This processor cannot pass for it.</exception>
    public JobPlan PinnedTo(PinRequest request)
    {
        var pin = CpuPinning.Plan(request, null, HostProbe.Read().Cpu, Spec.Environment, null);
        return this with { Spec = pin.AppliedTo(Spec), Pin = pin };
    }
}
