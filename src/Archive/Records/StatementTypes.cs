namespace Provenance.Archive.Records;

/// <summary>The type names that stand in statements. Specified in schema/FORMAT.md.</summary>
public static class StatementTypes
{
    public const string StatementV1 = "https://in-toto.io/Statement/v1";

    public const string Image = "urn:x-prov:image/v1";
    public const string Run = "urn:x-prov:run/v1";
    public const string Replay = "urn:x-prov:replay/v1";
    public const string Endorsement = "urn:x-prov:endorsement/v1";
    public const string Citation = "urn:x-prov:citation/v1";
    public const string Rotation = "urn:x-prov:rotation/v1";
    public const string Revocation = "urn:x-prov:revocation/v1";
    public const string Tombstone = "urn:x-prov:tombstone/v1";

    /// <summary>The predicateType of a kind of record.</summary>
    public static string Of(RecordKind kind) => kind switch
    {
        RecordKind.Image => Image,
        RecordKind.Run => Run,
        RecordKind.Replay => Replay,
        RecordKind.Endorsement => Endorsement,
        RecordKind.Citation => Citation,
        RecordKind.Rotation => Rotation,
        RecordKind.Revocation => Revocation,
        RecordKind.Tombstone => Tombstone,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>Null when it is none of ours.</summary>
    public static RecordKind? KindOf(string? predicateType) => predicateType switch
    {
        Image => RecordKind.Image,
        Run => RecordKind.Run,
        Replay => RecordKind.Replay,
        Endorsement => RecordKind.Endorsement,
        Citation => RecordKind.Citation,
        Rotation => RecordKind.Rotation,
        Revocation => RecordKind.Revocation,
        Tombstone => RecordKind.Tombstone,
        _ => null,
    };

    /// <summary>As people and the log call the kind: <c>image</c>, <c>run</c>, <c>replay</c>, <c>endorsement</c> and so on.</summary>
    public static string NameOf(RecordKind kind) => kind switch
    {
        RecordKind.Image => "image",
        RecordKind.Run => "run",
        RecordKind.Replay => "replay",
        RecordKind.Endorsement => "endorsement",
        RecordKind.Citation => "citation",
        RecordKind.Rotation => "rotation",
        RecordKind.Revocation => "revocation",
        RecordKind.Tombstone => "tombstone",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
