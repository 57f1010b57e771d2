using Provenance.Archive.Records;

namespace Provenance.Runtime.Comparison;

/// <summary>What the members of a container came to, together.</summary>
internal sealed class MemberTally(string kind)
{
    private readonly SortedSet<string> _normalised = new(StringComparer.Ordinal);
    private Likeness? _worst;
    private int _differing;

    public void Normalise(string what) => _normalised.Add(what);

    /// <summary>Takes in one member.</summary>
    public void Add(string member, Likeness likeness)
    {
        if (likeness.Result == ComparisonResult.Identical)
        {
            return;
        }

        _normalised.UnionWith(likeness.Normalised);
        _differing += likeness.Result == ComparisonResult.Differs ? 1 : 0;
        if (_worst is null || likeness.Result > _worst.Result || likeness.Result == _worst.Result && IsWorse(likeness, _worst))
        {
            _worst = likeness with
            {
                Worst = likeness.Worst is { } worst ? worst with { Where = $"{member}: {worst.Where}" } : null,
                Note = $"member '{member}' {Text(likeness)}",
            };
        }
    }

    public Likeness Finish()
    {
        if (_worst is null)
        {
            return Likeness.SameContent(kind, [.. _normalised]);
        }

        string? note = _differing > 1 ? $"{_worst.Note}; {_differing} members differ" : _worst.Note;
        return _worst with { Kind = kind, Normalised = [.. _normalised], Note = _worst.Result == ComparisonResult.SameContent ? null : note };
    }

    private static bool IsWorse(Likeness likeness, Likeness than) =>
        Relative(likeness) > Relative(than);

    private static double Relative(Likeness likeness) =>
        double.TryParse(likeness.Worst?.Relative, System.Globalization.CultureInfo.InvariantCulture, out double relative) ? relative : 0;

    private static string Text(Likeness likeness) =>
        likeness.Result == ComparisonResult.WithinTolerance ? "is within tolerance" : likeness.Note ?? "differs";
}
