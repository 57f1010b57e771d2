using Provenance.Archive.Records;

namespace Provenance.Archive.Differences;

/// <summary>What the hosts of two runs put into their containers, then and now.</summary>
internal static class InjectionDifferences
{
    public static IReadOnlyList<Difference> Of(RunRecord x, RunRecord y) =>
    [
        .. SideBySide.ByName([Asked(x)], [Asked(y)], _ => "asked for", asked => asked).Where(asked => asked.A?.Length + asked.B?.Length > 0),
        .. SideBySide.ByName(Drivers(x), Drivers(y), _ => "driver", version => version),
        // A driver's files have its version in their names, and a file of the same SONAME takes their place.
        .. SideBySide.ByName(x.Injected, y.Injected, file => file.Soname ?? file.ContainerPath, Describe),
        .. SideBySide.ByName(
            x.Injection?.Places ?? [], y.Injection?.Places ?? [],
            place => $"{place.Kind} {place.ContainerPath}", place => place.Target ?? place.HostPath ?? ""),
        .. SideBySide.ByName(Told(x), Told(y), finding => finding.Rule, finding => finding.Message, counts: false),
    ];

    /// <summary>What a file has for GPUs.</summary>
    public static string Describe(GpuCode code) => string.Join(
        " / ", code.Images.Select(images => string.Join(' ', images.Cubins.Concat(images.Ptx.Select(ptx => $"{ptx.Target} (PTX {ptx.Version})")))));

    private static string Asked(RunRecord run) => run.Injection?.Options is not { } options ? "" : string.Join(
        " ",
        new[]
        {
            options.Mpi is { } mpi ? $"--mpi {mpi}" : null,
            options.Gpu == true ? "--gpu" : null,
            options.DriverRoot is { } root ? $"--driver-root {root}" : null,
        }.OfType<string>()
            .Concat((options.Devices ?? []).Select(device => $"--device {device}"))
            .Concat((options.Files ?? []).Select(file => $"--inject {file.Source}{(file.Destination is null ? "" : $":{file.Destination}")}")));

    private static IEnumerable<string> Drivers(RunRecord run) => run.Injected.Select(file => file.DriverVersion).OfType<string>().Distinct();

    private static IEnumerable<Finding> Told(RunRecord run) => (run.Injection?.Findings ?? []).Where(finding => finding.Verdict != Verdict.Ok);

    private static string Describe(InjectedFile file) => string.Join(
        ", ",
        new[]
        {
            file.HostPath,
            file.HostPath == file.ContainerPath ? null : $"at {file.ContainerPath}",
            file.BuildId is null ? null : $"build {file.BuildId}",
            $"sha256:{file.Digest.Sha256}",
        }.OfType<string>());
}
