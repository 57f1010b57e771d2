using System.Globalization;
using System.Text;

namespace Provenance.Runtime.Comparison;

/// <summary>Compares NetCDF files of the classic formats: every number of one variable is one group. NetCDF-4 files are HDF5.</summary>
internal sealed class NetcdfComparer : IContentComparer
{
    private const int BlockBytes = 1 << 20;
    private const string Layout = "netcdf layout";

    /// <summary>An attribute that is text, and the same but for dates and times: <c>history</c> has one for each program that wrote the file.</summary>
    private const string Times = "netcdf attribute times";

    public string Kind => "netcdf";

    public bool Recognises(ReadOnlySpan<byte> head, string name) => NetcdfHeader.IsMagic(head);

    public Likeness Compare(ComparedContent then, ComparedContent now, ComparisonContext context)
    {
        var was = NetcdfHeader.Read(then);
        var isNow = NetcdfHeader.Read(now);
        var normalised = new HashSet<string>(StringComparer.Ordinal) { Layout };
        var tally = new NumberTally(context.Tolerance);
        var names = new Dictionary<NumberGroup, Func<long, string>>();
        if (DifferenceOfShape(was, isNow) is { } shape)
        {
            return Likeness.Differs(Kind, shape);
        }

        if (DifferenceOf("attribute ", was.Attributes, isNow.Attributes, normalised, tally, names) is { } attribute)
        {
            return attribute;
        }

        var variables = isNow.Variables.ToDictionary(variable => variable.Name, StringComparer.Ordinal);
        foreach (var variable in was.Variables)
        {
            var other = variables[variable.Name];
            if (DifferenceOf($"attribute {variable.Name}:", variable.Attributes, other.Attributes, normalised, tally, names) is { } ofVariable)
            {
                return ofVariable;
            }

            var group = new NumberGroup($"variable '{variable.Name}'");
            if (CompareValues((then, was, variable), (now, isNow, other), group) is { } text)
            {
                return Likeness.Differs(Kind, $"variable '{variable.Name}' differs at {Where(text, variable.Shape)}");
            }

            names[group] = place => $"{variable.Name}{Where(place, variable.Shape)}";
            tally.Add(group);
        }

        return tally.Judge(Kind, group => names[group](group.Place)).With(normalised);
    }

    private static string? DifferenceOfShape(NetcdfHeader then, NetcdfHeader now)
    {
        var was = then.Variables.ToDictionary(variable => variable.Name, StringComparer.Ordinal);
        var isNow = now.Variables.ToDictionary(variable => variable.Name, StringComparer.Ordinal);
        foreach (var (name, variable) in was)
        {
            if (!isNow.TryGetValue(name, out var other))
            {
                return $"variable '{name}' is missing";
            }

            if (variable.Declaration != other.Declaration)
            {
                return $"has {other.Declaration} now, {variable.Declaration} then";
            }

            if (!variable.Shape.SequenceEqual(other.Shape))
            {
                return $"variable '{name}' has the shape {Shape(other)} now, {Shape(variable)} then";
            }
        }

        return isNow.Keys.FirstOrDefault(name => !was.ContainsKey(name)) is { } added ? $"variable '{added}' is new" : null;
    }

    private Likeness? DifferenceOf(
        string what,
        IReadOnlyList<NetcdfAttribute> then,
        IReadOnlyList<NetcdfAttribute> now,
        HashSet<string> normalised,
        NumberTally tally,
        Dictionary<NumberGroup, Func<long, string>> names)
    {
        var others = now.ToDictionary(attribute => attribute.Name, StringComparer.Ordinal);
        foreach (var attribute in then)
        {
            string name = $"{what}{attribute.Name}";
            if (!others.Remove(attribute.Name, out var other))
            {
                return Likeness.Differs(Kind, $"{name} is missing");
            }

            if (attribute.Values.AsSpan().SequenceEqual(other.Values) && attribute.Type == other.Type)
            {
                continue;
            }

            if (attribute.Type == NetcdfType.Char && other.Type == NetcdfType.Char)
            {
                var (was, isNow) = (Encoding.UTF8.GetString(attribute.Values), Encoding.UTF8.GetString(other.Values));
                if (!TimeText.ExplainsDifference(was, isNow))
                {
                    return Likeness.Differs(Kind, $"{name} differs");
                }

                normalised.Add(Times);
            }
            else if (attribute.Type != other.Type || attribute.Values.Length != other.Values.Length)
            {
                return Likeness.Differs(Kind, $"{name} is of another type or length");
            }
            else
            {
                var group = new NumberGroup(name);
                Add(group, attribute.Type, attribute.Values, other.Values, 0);
                names[group] = place => $"{name}[{place.ToString(CultureInfo.InvariantCulture)}]";
                tally.Add(group);
            }
        }

        return others.Count == 0 ? null : Likeness.Differs(Kind, $"{what}{others.Keys.First()} is new");
    }

    /// <returns>Where a character differs; null when none does.</returns>
    private static long? CompareValues(
        (ComparedContent Content, NetcdfHeader Header, NetcdfVariable Variable) then,
        (ComparedContent Content, NetcdfHeader Header, NetcdfVariable Variable) now,
        NumberGroup group)
    {
        var type = then.Variable.Type;
        int perBlock = BlockBytes / type.Bytes();
        byte[] thenBlock = new byte[BlockBytes];
        byte[] nowBlock = new byte[BlockBytes];
        for (long piece = 0; then.Variable.Values > 0 && piece < then.Variable.Pieces; piece++)
        {
            for (long first = 0; first < then.Variable.Values; first += perBlock)
            {
                int bytes = (int)Math.Min(perBlock, then.Variable.Values - first) * type.Bytes();
                Read(then, piece, first, thenBlock.AsSpan(0, bytes));
                Read(now, piece, first, nowBlock.AsSpan(0, bytes));
                long place = (piece * then.Variable.Values) + first;
                if (type == NetcdfType.Char)
                {
                    int same = thenBlock.AsSpan(0, bytes).CommonPrefixLength(nowBlock.AsSpan(0, bytes));
                    if (same < bytes)
                    {
                        return place + same;
                    }
                }
                else
                {
                    Add(group, type, thenBlock.AsSpan(0, bytes), nowBlock.AsSpan(0, bytes), place);
                }
            }
        }

        return null;
    }

    private static void Read(
        (ComparedContent Content, NetcdfHeader Header, NetcdfVariable Variable) side, long piece, long first, Span<byte> bytes)
    {
        side.Content.Stream.Position = side.Variable.Begin + (piece * side.Header.RecordStride) + (first * side.Variable.Type.Bytes());
        side.Content.Stream.ReadExactly(bytes);
    }

    /// <summary>Takes in values of one piece. Their bytes are turned round.</summary>
    private static void Add(NumberGroup group, NetcdfType type, Span<byte> then, Span<byte> now, long place)
    {
        int size = type.Bytes();
        for (int at = 0; at < then.Length; at += size)
        {
            bool isSame = then.Slice(at, size).SequenceEqual(now.Slice(at, size));
            double value = type.Read(then.Slice(at, size));
            NumberGroups.Add(group, value, isSame ? value : type.Read(now.Slice(at, size)), isSame, place + (at / size));
        }
    }

    private static string Shape(NetcdfVariable variable) => $"({string.Join(", ", variable.Shape)})";

    /// <summary>The indices of a value.</summary>
    private static string Where(long value, IReadOnlyList<long> shape)
    {
        long[] indices = new long[shape.Count];
        for (int dimension = shape.Count - 1; dimension >= 0; dimension--)
        {
            (value, indices[dimension]) = Math.DivRem(value, shape[dimension]);
        }

        return $"[{string.Join(", ", indices.Select(index => index.ToString(CultureInfo.InvariantCulture)))}]";
    }
}
