namespace Provenance.Runtime.Sandbox;

/// <summary>Which mounts make a container's files, in order; computed from a specification and from what is on the host.</summary>
internal sealed record MountPlan
{
    public required IReadOnlyList<MountAction> Actions { get; init; }

    /// <summary>The files that the job will see, to look its program up in.</summary>
    public required ContainerView View { get; init; }

    /// <summary>Where the job begins, free of links.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>A file of the image that the caller could change, with which an overlay is tried; null for none.</summary>
    public string? ModifiableFile { get; init; }

    /// <summary>Whether the image is needed twice, see <see cref="MountOrigin.SealedImage"/>.</summary>
    public required bool UsesSealedImage { get; init; }

    /// <exception cref="SandboxException">A mount cannot be made as it was asked for.</exception>
    public static MountPlan Compute(ContainerSpec spec, HostFacts facts, IFileTree host)
    {
        // A mount point that is missing in the image is noticed late, but what is laid over its folder must be laid
        // before all else is mounted below it. So the plan is made again, knowing more, until nothing is missing.
        var underlays = new SortedSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var planner = new MountPlanner(spec, facts, host, underlays);
            if (planner.TryPlan() is { } plan)
                return plan;
        }
    }
}
