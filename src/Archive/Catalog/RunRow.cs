using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

/// <summary>One run as a list shows it.</summary>
public sealed record RunRow
{
    public required Digest Record { get; init; }

    /// <summary>The entry's place in the log, from 0; null while the record waits in incoming/.</summary>
    public required long? LogIndex { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>Null when a signal ended the job.</summary>
    public required int? ExitCode { get; init; }

    public required int? Signal { get; init; }

    /// <summary>The command line, quoted for a shell, its first 4096 characters.</summary>
    public required string Command { get; init; }

    public required string WorkingFolder { get; init; }

    public required string ImageReference { get; init; }

    public required Digest ImageManifest { get; init; }

    public required Digest ImageTree { get; init; }

    public required string UserName { get; init; }

    /// <summary>Name of the first host.</summary>
    public required string Hostname { get; init; }

    /// <summary>Microarchitecture of the first host, or its CPU's brand.</summary>
    public required string Cpu { get; init; }

    /// <summary>Files the job created, changed or deleted.</summary>
    public required int GeneratedCount { get; init; }

    /// <summary>How files were observed, as <see cref="Records.Observation.Files"/>.</summary>
    public required string Observation { get; init; }

    /// <summary>The run that this run repeated.</summary>
    public required Digest? ReplayOf { get; init; }

    /// <summary>As the signer's certificate names him; null when the signature could not be read.</summary>
    public required string? SignerName { get; init; }

    /// <summary>SHA-256 of the signer's certificate.</summary>
    public required Digest? SignerCertificate { get; init; }
}
