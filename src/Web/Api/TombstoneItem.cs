using Provenance.Archive.Catalog;
using Provenance.Archive.Records;
using Provenance.Web.Pages;

namespace Provenance.Web.Api;

/// <summary>That a record was taken down.</summary>
internal sealed record TombstoneItem
{
    public required string Id { get; init; }

    /// <summary>The record that was taken down.</summary>
    public required string Record { get; init; }

    /// <summary>Of the record that was taken down.</summary>
    public required RecordKind Kind { get; init; }

    public required string Reason { get; init; }

    public string? SignedBy { get; init; }

    /// <summary>As the signer claims.</summary>
    public DateTimeOffset? SignedAt { get; init; }

    /// <summary>The tombstone's place in the log, from 0; absent while it waits.</summary>
    public long? LogEntry { get; init; }

    public required string Path { get; init; }

    public static TombstoneItem Of(TombstoneRow tombstone) => new()
    {
        Id = tombstone.Record.Hex,
        Record = tombstone.Of.Hex,
        Kind = tombstone.Kind,
        Reason = tombstone.Reason,
        SignedBy = tombstone.SignerName,
        SignedAt = tombstone.SignedAt,
        LogEntry = tombstone.LogIndex,
        Path = Paths.Record(RecordKind.Tombstone, tombstone.Record),
    };
}
