using Provenance.Archive.Catalog;

namespace Provenance.Cli;

/// <summary>A run as <c>prov log --json</c> prints it.</summary>
internal sealed record RunSummary
{
    /// <summary>64 hex digits.</summary>
    public required string Id { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required double DurationSeconds { get; init; }

    /// <summary>Null when a signal ended the job.</summary>
    public int? ExitCode { get; init; }

    public int? Signal { get; init; }

    /// <summary>Quoted for a shell, its first 4096 characters.</summary>
    public required string Command { get; init; }

    public required string WorkingFolder { get; init; }

    public required string Image { get; init; }

    public required string ImageManifest { get; init; }

    public required string ImageTree { get; init; }

    public required string User { get; init; }

    public required string Host { get; init; }

    public required string Cpu { get; init; }

    public required int Generated { get; init; }

    public string? ReplayOf { get; init; }

    public string? Signer { get; init; }

    public static RunSummary Of(RunRow run) => new()
    {
        Id = run.Record.Hex,
        StartedAt = run.StartedAt,
        DurationSeconds = run.Duration.TotalSeconds,
        ExitCode = run.ExitCode,
        Signal = run.Signal,
        Command = run.Command,
        WorkingFolder = run.WorkingFolder,
        Image = run.ImageReference,
        ImageManifest = run.ImageManifest.ToString(),
        ImageTree = run.ImageTree.ToString(),
        User = run.UserName,
        Host = run.Hostname,
        Cpu = run.Cpu,
        Generated = run.GeneratedCount,
        ReplayOf = run.ReplayOf?.Hex,
        Signer = run.SignerName,
    };
}
