using System.Globalization;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Comparison;

/// <summary>All numbers of one output, in their groups, and what follows from them.</summary>
internal sealed class NumberTally(NumberTolerance? tolerance)
{
    private NumberGroup? _worst;
    private long _differing;
    private bool _allowed = true;

    /// <summary>Takes in a group that is complete.</summary>
    public void Add(NumberGroup group)
    {
        if (group.Differing == 0)
        {
            return;
        }

        _differing += group.Differing;
        _allowed &= tolerance is { } limit && limit.Allows(group.Difference, group.Norm);
        if (_worst is null || group.Relative > _worst.Relative)
        {
            _worst = group;
        }
    }

    /// <param name="kind">What the output was compared as.</param>
    /// <param name="placeOf">Puts the place of a number into words.</param>
    public Likeness Judge(string kind, Func<NumberGroup, string> placeOf)
    {
        if (_worst is null)
        {
            return Likeness.SameContent(kind);
        }

        var worst = new WorstDifference
        {
            Absolute = Text(_worst.Difference),
            Relative = double.IsFinite(_worst.Relative) ? Text(_worst.Relative) : null,
            Where = placeOf(_worst),
            Original = Text(_worst.Then, "R"),
            Replayed = Text(_worst.Now, "R"),
        };
        return new Likeness
        {
            Result = _allowed ? ComparisonResult.WithinTolerance : ComparisonResult.Differs,
            Kind = kind,
            Worst = worst,
            Note = _differing == 1 ? "1 number differs" : $"{_differing} numbers differ",
        };
    }

    private static string Text(double value, string format = "G6") => double.IsFinite(value)
        ? value.ToString(format, CultureInfo.InvariantCulture)
        : double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}
