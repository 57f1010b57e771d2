using Provenance.Archive.Records;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Injection;

/// <summary>What of the host is put into a container, and what is to be said of it.</summary>
public sealed record InjectionPlan
{
    internal static InjectionPlan None { get; } = new();

    /// <summary>What was asked for; null for nothing.</summary>
    public InjectionOptions? Options { get; init; }

    /// <summary>In the order of their places in the container.</summary>
    public IReadOnlyList<PlannedFile> Files { get; init; } = [];

    /// <summary>Devices, folders, sockets and links.</summary>
    public IReadOnlyList<InjectedPlace> Places { get; init; } = [];

    /// <summary>Variables that the job gets; an earlier one of that name is replaced.</summary>
    internal IReadOnlyList<EnvironmentEntry> Environment { get; init; } = [];

    /// <summary>Versions of the image's libraries that the host's need anything of, as <c>libc.so.6:GLIBC_2.34</c>, in order.</summary>
    internal IReadOnlyList<string> ImageVersions { get; init; } = [];

    /// <summary>In the order of their rules, those about which nothing is to be done included.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Rules whose refusal was set aside.</summary>
    public IReadOnlyList<string> Forced { get; init; } = [];

    /// <summary>The container with all of it in.</summary>
    internal ContainerSpec ApplyTo(ContainerSpec spec) => spec with
    {
        Binds =
        [
            .. spec.Binds.Where(bind => Files.All(file => file.ContainerPath != bind.Destination)),
            .. Files.Select(file => new BindMount(file.HostPath, file.ContainerPath, ReadOnly: true)),
            .. Places.Where(place => place.HostPath is not null)
                .Select(place => new BindMount(place.HostPath!, place.ContainerPath, ReadOnly: place.ReadOnly)),
        ],
        Links = Places.Where(place => place.Target is not null).ToDictionary(place => place.ContainerPath, place => place.Target!),
        Environment = JobEnvironment.With(spec.Environment, Environment),
    };

    /// <summary>In the words of a record; null when nothing was asked for.</summary>
    internal RunInjection? ToRecord() => Options is null ? null : new()
    {
        Options = Options,
        Places = Places,
        Variables = [.. Environment.Select(entry => entry.Name)],
        ImageVersions = ImageVersions,
        Findings = Findings,
        Forced = Forced,
    };
}
