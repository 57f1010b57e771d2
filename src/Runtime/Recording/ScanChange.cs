using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording;

/// <summary>One path that is not as it was.</summary>
/// <param name="Before">Null when it was created.</param>
/// <param name="After">Null when it was deleted.</param>
internal sealed record ScanChange(FileChange Change, ScannedEntry? Before, ScannedEntry? After)
{
    public string Path => (After ?? Before)!.Path;

    /// <summary>Only the time of the last change of status is another: the bytes may be, but need not.</summary>
    public bool IsStatusOnly => Before is { Kind: FileKind.File } before && After is { } after
        && before == after with { Changed = before.Changed };

    /// <summary>Mode, owner or attributes of a file were set at most: had it been written to, its time of modification would be another.</summary>
    public bool IsOfAttributes => Before is { Kind: FileKind.File } before && After is { } after
        && before == after with { Changed = before.Changed, Mode = before.Mode };
}
