using Provenance.Archive.Trust;

namespace Provenance.Cli;

/// <summary>An endorsement as <c>prov verify --json</c> prints it.</summary>
internal sealed record EndorsementReport
{
    /// <summary>64 hex digits.</summary>
    public required string Record { get; init; }

    public required bool Counts { get; init; }

    /// <summary>Why it does not count.</summary>
    public string? Problem { get; init; }

    public string? Signer { get; init; }

    /// <summary>SHA-256 of the signer's certificate.</summary>
    public string? Certificate { get; init; }

    public string? Algorithm { get; init; }

    public string? Comment { get; init; }

    public static EndorsementReport Of(Endorsement endorsement) => new()
    {
        Record = endorsement.Record.Hex,
        Counts = endorsement.Counts,
        Problem = endorsement.Problem,
        Signer = endorsement.Signature?.Signer?.Name,
        Certificate = endorsement.Signature?.Signer?.Fingerprint.Hex,
        Algorithm = endorsement.Signature?.Algorithm,
        Comment = endorsement.Comment,
    };
}
