using Provenance.Archive.Catalog;

namespace Provenance.Archive.Care;

/// <summary>Damage that is still there after repair.</summary>
/// <param name="Subject">What, as fsck names it.</param>
/// <param name="Message">What is the matter.</param>
/// <param name="Needed">What would mend it.</param>
public sealed record UnrepairedDamage(string Subject, string Message, string Needed)
{
    internal static UnrepairedDamage Of(FsckFinding finding) => new(finding.Subject, finding.Message, NeedOf(finding));

    private static string NeedOf(FsckFinding finding) => finding switch
    {
        { Blob: not null } => "a copy of this blob",
        { Subject: var subject } when subject.StartsWith("record ", StringComparison.Ordinal) => "a copy of the blobs of this record",
        { Subject: var subject } when subject.StartsWith("incoming", StringComparison.Ordinal) => "a copy of the record's statement and signature",
        { Subject: var subject } when subject.StartsWith("log", StringComparison.Ordinal) => "a copy of the log, as large as its key has signed it",
        { Subject: var subject } when subject.StartsWith("seals", StringComparison.Ordinal) => "a copy of the seal",
        { Subject: var subject } when subject.StartsWith("origins/seals", StringComparison.Ordinal) => "a copy of the other archive's seal",
        { Subject: var subject } when subject.StartsWith("keys", StringComparison.Ordinal) => "a copy of the file, from where the keys are kept safe",
        { Subject: "index.json" } => "a copy of the image's manifest, or that the image loses its name",
        _ => "a copy of what is damaged",
    };
}
