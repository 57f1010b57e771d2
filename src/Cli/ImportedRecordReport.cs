using Provenance.Archive.Exchange;
using Provenance.Archive.Records;

namespace Provenance.Cli;

/// <summary>One record of a bundle as <c>prov import --json</c> prints it.</summary>
internal sealed record ImportedRecordReport
{
    /// <summary>64 hex digits.</summary>
    public required string Record { get; init; }

    public required RecordKind Kind { get; init; }

    /// <summary>False when the archive had it before.</summary>
    public required bool IsNew { get; init; }

    /// <summary>As his certificate names him.</summary>
    public required string Signer { get; init; }

    /// <summary>SHA-256 of the certificate.</summary>
    public required string Certificate { get; init; }

    /// <summary>In this archive.</summary>
    public required bool IsTrusted { get; init; }

    /// <summary>What vouches for him here, or why nothing does.</summary>
    public required string Reason { get; init; }

    /// <summary>SHA-256 of the certificate of who signed it as the archive has it; absent when that is the same key's.</summary>
    public string? KeptCertificate { get; init; }

    public static ImportedRecordReport Of(ImportedRecord record) => new()
    {
        Record = record.Record.Hex,
        Kind = record.Kind,
        IsNew = record.IsNew,
        Signer = record.Signature.Signer!.Name,
        Certificate = record.Signature.Signer.Fingerprint.Hex,
        IsTrusted = record.Signature.IsTrusted,
        Reason = record.Signature.Trust!.Reason,
        KeptCertificate = record.KeptSigner?.Fingerprint.Hex,
    };
}
