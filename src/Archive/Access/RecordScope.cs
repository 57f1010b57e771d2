using Provenance.Archive.Content;

namespace Provenance.Archive.Access;

/// <summary>Which records somebody may read: all but some, or some alone. What hangs on a record that is not shown is not shown either.</summary>
public sealed record RecordScope
{
    public static RecordScope Everything { get; } = new();

    /// <summary>
    /// These are not shown, nor their replays, citations and endorsements; of an image's manifest its record is not.
    /// </summary>
    public IReadOnlyCollection<Digest> Hidden { get; init; } = [];

    /// <summary>
    /// These were taken down: they are shown to nobody, nor what hangs on them, except that somebody took them down.
    /// </summary>
    public IReadOnlyCollection<Digest> TakenDown { get; init; } = [];

    /// <summary>Manifests that were pushed and have something in them of what is not shown: neither are they.</summary>
    public IReadOnlySet<Digest> WithheldManifests { get; init; } = new HashSet<Digest>();

    /// <summary>Only these are, and the records of the images they ran in; null for everything that is not hidden.</summary>
    public IReadOnlyCollection<Digest>? Shown { get; init; }

    /// <summary>Names of images that are not shown, as <c>repository:tag</c>: somebody pushed them for himself.</summary>
    public IReadOnlySet<string> HiddenNames { get; init; } = new HashSet<string>();

    /// <summary>When it has to be asked for anew, because something becomes public; null for when the archive changes.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>Whether of one archive the same records are shown; names of images may differ.</summary>
    public bool ShowsSameAs(RecordScope other) =>
        (Shown is null) == (other.Shown is null)
        && (Shown is null || other.Shown is null || Shown.ToHashSet().SetEquals(other.Shown))
        && Hidden.ToHashSet().SetEquals(other.Hidden)
        && TakenDown.ToHashSet().SetEquals(other.TakenDown);

    public bool IsEverything => Shown is null && Hidden.Count == 0 && TakenDown.Count == 0 && HiddenNames.Count == 0;
}
