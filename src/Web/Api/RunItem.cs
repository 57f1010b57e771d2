using Provenance.Archive.Catalog;
using Provenance.Web.Pages;

namespace Provenance.Web.Api;

/// <summary>A run in a list.</summary>
internal sealed record RunItem
{
    /// <summary>SHA-256 of the signed record, 64 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>Of its page, on this site.</summary>
    public required string Path { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required long DurationMilliseconds { get; init; }

    public int? ExitCode { get; init; }

    public int? Signal { get; init; }

    /// <summary>Quoted for a shell, its first 4096 characters.</summary>
    public required string Command { get; init; }

    public required string Image { get; init; }

    public required string ImageManifest { get; init; }

    public required string Host { get; init; }

    public required string Cpu { get; init; }

    public string? SignedBy { get; init; }

    /// <summary>SHA-256 of the signer's certificate.</summary>
    public string? Certificate { get; init; }

    /// <summary>The run that it is a replay of.</summary>
    public string? ReplayOf { get; init; }

    public static RunItem Of(RunRow run) => new()
    {
        Id = run.Record.Hex,
        Path = Paths.Run(run.Record),
        StartedAt = run.StartedAt,
        DurationMilliseconds = (long)run.Duration.TotalMilliseconds,
        ExitCode = run.ExitCode,
        Signal = run.Signal,
        Command = run.Command,
        Image = run.ImageReference,
        ImageManifest = run.ImageManifest.ToString(),
        Host = run.Hostname,
        Cpu = run.Cpu,
        SignedBy = run.SignerName,
        Certificate = run.SignerCertificate?.Hex,
        ReplayOf = run.ReplayOf?.Hex,
    };
}
