using Provenance.Archive.Records;
using Provenance.Runtime.Injection;

namespace Provenance.Cli;

/// <summary>What of the host was put into a container, as <c>prov run --json</c> reports it; its record has more, with digests.</summary>
internal sealed record InjectionReport
{
    public required IReadOnlyList<InjectedFileReport> Files { get; init; }

    /// <summary>Devices, folders, sockets and links.</summary>
    public required IReadOnlyList<InjectedPlace> Places { get; init; }

    /// <summary>What the rules of schema/FORMAT.d/injection.md found.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Rules whose refusal <c>--force</c> set aside.</summary>
    public required IReadOnlyList<string> Forced { get; init; }

    /// <summary>Null when nothing was asked for.</summary>
    public static InjectionReport? Of(InjectionPlan? plan) => plan?.Options is null ? null : new()
    {
        Files =
        [
            .. plan.Files.Select(file => new InjectedFileReport
            {
                HostPath = file.HostPath,
                ContainerPath = file.ContainerPath,
                Reason = file.Reason,
                Replaces = file.Replaces?.Path,
                DriverVersion = file.DriverVersion,
            }),
        ],
        Places = plan.Places,
        Findings = plan.Findings,
        Forced = plan.Forced,
    };
}
