using Provenance.Archive.Records;

namespace Provenance.Archive.Catalog;

/// <summary>The words that stand in the catalog's columns for our enumerations; the same as in the records.</summary>
internal static class CatalogNames
{
    public static string Of(FileKind kind) => kind switch
    {
        FileKind.File => "file",
        FileKind.Folder => "folder",
        FileKind.Link => "link",
        FileKind.Fifo => "fifo",
        FileKind.Socket => "socket",
        FileKind.Device => "device",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static string Of(FileChange change) => change switch
    {
        FileChange.Created => "created",
        FileChange.Changed => "changed",
        FileChange.Deleted => "deleted",
        _ => throw new ArgumentOutOfRangeException(nameof(change)),
    };

    public static string Of(FileUse use) => use switch
    {
        FileUse.Present => "present",
        FileUse.Read => "read",
        FileUse.Executed => "executed",
        FileUse.Extended => "extended",
        _ => throw new ArgumentOutOfRangeException(nameof(use)),
    };

    public static FileUse FileUseOf(string name) => name switch
    {
        "present" => FileUse.Present,
        "read" => FileUse.Read,
        "executed" => FileUse.Executed,
        "extended" => FileUse.Extended,
        _ => throw Unknown(name),
    };

    public static string Of(FileClass where) => where switch
    {
        FileClass.Image => "image",
        FileClass.Injected => "injected",
        FileClass.System => "system",
        FileClass.Input => "input",
        FileClass.Configuration => "configuration",
        FileClass.Cache => "cache",
        FileClass.Temporary => "temporary",
        FileClass.Output => "output",
        _ => throw new ArgumentOutOfRangeException(nameof(where)),
    };

    public static FileClass FileClassOf(string name) => name switch
    {
        "image" => FileClass.Image,
        "injected" => FileClass.Injected,
        "system" => FileClass.System,
        "input" => FileClass.Input,
        "configuration" => FileClass.Configuration,
        "cache" => FileClass.Cache,
        "temporary" => FileClass.Temporary,
        "output" => FileClass.Output,
        _ => throw Unknown(name),
    };

    public static string Of(ReplayVerdict verdict) => verdict switch
    {
        ReplayVerdict.Reproduced => "reproduced",
        ReplayVerdict.Differs => "differs",
        ReplayVerdict.Failed => "failed",
        ReplayVerdict.Refused => "refused",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict)),
    };

    public static ReplayVerdict ReplayVerdictOf(string name) => name switch
    {
        "reproduced" => ReplayVerdict.Reproduced,
        "differs" => ReplayVerdict.Differs,
        "failed" => ReplayVerdict.Failed,
        "refused" => ReplayVerdict.Refused,
        _ => throw Unknown(name),
    };

    public static string Of(Verdict verdict) => verdict switch
    {
        Verdict.Ok => "ok",
        Verdict.Warn => "warn",
        Verdict.Refuse => "refuse",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict)),
    };

    public static Verdict VerdictOf(string name) => name switch
    {
        "ok" => Verdict.Ok,
        "warn" => Verdict.Warn,
        "refuse" => Verdict.Refuse,
        _ => throw Unknown(name),
    };

    public static string Of(ComparisonResult result) => result switch
    {
        ComparisonResult.Identical => "identical",
        ComparisonResult.SameContent => "same-content",
        ComparisonResult.WithinTolerance => "within-tolerance",
        ComparisonResult.Differs => "differs",
        ComparisonResult.Missing => "missing",
        ComparisonResult.Unexpected => "unexpected",
        ComparisonResult.NotComparable => "not-comparable",
        _ => throw new ArgumentOutOfRangeException(nameof(result)),
    };

    public static RecordKind RecordKindOf(string name) => name switch
    {
        "image" => RecordKind.Image,
        "run" => RecordKind.Run,
        "replay" => RecordKind.Replay,
        "endorsement" => RecordKind.Endorsement,
        "citation" => RecordKind.Citation,
        "rotation" => RecordKind.Rotation,
        "revocation" => RecordKind.Revocation,
        "tombstone" => RecordKind.Tombstone,
        _ => throw Unknown(name),
    };

    private static CatalogException Unknown(string name) => new($"catalog: '{name}' is none of our words");
}
