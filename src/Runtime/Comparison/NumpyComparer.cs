using System.Globalization;

namespace Provenance.Runtime.Comparison;

/// <summary>Compares NumPy arrays: every number of one field is one group. Byte order and the layout of the header are told apart.</summary>
internal sealed class NumpyComparer : IContentComparer
{
    private const int BlockBytes = 1 << 20;

    public string Kind => "npy";

    public bool Recognises(ReadOnlySpan<byte> head, string name) => head.StartsWith(NumpyHeader.Magic);

    public Likeness Compare(ComparedContent then, ComparedContent now, ComparisonContext context)
    {
        var thenHeader = NumpyHeader.Read(then);
        var nowHeader = NumpyHeader.Read(now);
        if (Difference(thenHeader, nowHeader) is { } difference)
        {
            return Likeness.Differs(Kind, difference);
        }

        var fields = thenHeader.Type.Fields.Zip(nowHeader.Type.Fields, (was, isNow) => new FieldPair(was, isNow)).ToList();
        if (CompareElements(then, now, thenHeader, nowHeader, fields) is { } place)
        {
            return Likeness.Differs(Kind, $"differs at {place}");
        }

        var tally = new NumberTally(context.Tolerance);
        foreach (var field in fields)
        {
            tally.Add(field.Group);
        }

        return tally.Judge(Kind, group => group.Name is { } name ? $"{Where(group.Place, thenHeader)}, field '{name}'" : Where(group.Place, thenHeader))
            .With(fields.Exists(field => field.Then.IsBigEndian != field.Now.IsBigEndian) ? ["npy byte order"] : ["npy header"]);
    }

    private static string? Difference(NumpyHeader then, NumpyHeader now)
    {
        if (then.Type.Text != now.Type.Text)
        {
            return $"has dtype {now.Type.Text} now, {then.Type.Text} then";
        }

        if (!then.Shape.SequenceEqual(now.Shape))
        {
            return $"has shape {now.ShapeText} now, {then.ShapeText} then";
        }

        // Of a single row or column both orders are the same.
        return then.IsFortran == now.IsFortran || then.Shape.Count(size => size != 1) <= 1
            ? null
            : now.IsFortran ? "is in Fortran order now, in C order then" : "is in C order now, in Fortran order then";
    }

    /// <returns>Where something that is no number differs; null when nothing does.</returns>
    private static string? CompareElements(
        ComparedContent then, ComparedContent now, NumpyHeader thenHeader, NumpyHeader nowHeader, List<FieldPair> fields)
    {
        int elementBytes = thenHeader.Type.Bytes;
        int perBlock = elementBytes == 0 ? 0 : Math.Max(1, BlockBytes / elementBytes);
        byte[] thenBlock = new byte[perBlock * elementBytes];
        byte[] nowBlock = new byte[perBlock * elementBytes];
        then.Stream.Position = thenHeader.DataOffset;
        now.Stream.Position = nowHeader.DataOffset;
        for (long first = 0; perBlock > 0 && first < thenHeader.Elements; first += perBlock)
        {
            int count = (int)Math.Min(perBlock, thenHeader.Elements - first);
            then.Stream.ReadExactly(thenBlock, 0, count * elementBytes);
            now.Stream.ReadExactly(nowBlock, 0, count * elementBytes);
            for (int element = 0; element < count; element++)
            {
                var thenBytes = thenBlock.AsSpan(element * elementBytes, elementBytes);
                var nowBytes = nowBlock.AsSpan(element * elementBytes, elementBytes);
                foreach (var field in fields)
                {
                    if (!field.TryCompare(thenBytes, nowBytes, first + element))
                    {
                        string name = field.Then.Name is { } text ? $", field '{text}'" : "";
                        return Where(first + element, thenHeader) + name;
                    }
                }
            }
        }

        return null;
    }

    /// <summary>The indices of an element.</summary>
    private static string Where(long element, NumpyHeader header)
    {
        long[] indices = new long[header.Shape.Count];
        for (int i = 0; i < indices.Length; i++)
        {
            int dimension = header.IsFortran ? i : indices.Length - 1 - i;
            (element, indices[dimension]) = Math.DivRem(element, header.Shape[dimension]);
        }

        return $"[{string.Join(", ", indices.Select(index => index.ToString(CultureInfo.InvariantCulture)))}]";
    }

    /// <summary>One field of both arrays, with its numbers.</summary>
    private sealed class FieldPair(NumpyField then, NumpyField now)
    {
        private readonly byte[] _then = new byte[then.NumberBytes];
        private readonly byte[] _now = new byte[then.NumberBytes];

        public NumpyField Then { get; } = then;

        public NumpyField Now { get; } = now;

        public NumberGroup Group { get; } = new(then.Name);

        /// <returns>False when something that is no number differs.</returns>
        public bool TryCompare(ReadOnlySpan<byte> thenElement, ReadOnlySpan<byte> nowElement, long place)
        {
            if (!Then.IsNumeric)
            {
                int bytes = Then.ItemBytes * Then.Count;
                return thenElement.Slice(Then.Offset, bytes).SequenceEqual(nowElement.Slice(Now.Offset, bytes));
            }

            for (int number = 0; number < Then.Numbers; number++)
            {
                Take(thenElement, Then, number, _then);
                Take(nowElement, Now, number, _now);
                double value = NumpyNumber.Read(Then.Code, _then);
                if (_then.AsSpan().SequenceEqual(_now))
                {
                    Group.AddSame(value);
                }
                else
                {
                    NumberGroups.Add(Group, value, NumpyNumber.Read(Then.Code, _now), isSame: false, place);
                }
            }

            return true;
        }

        /// <summary>The bytes of one number, least significant first.</summary>
        private static void Take(ReadOnlySpan<byte> element, NumpyField field, int number, byte[] bytes)
        {
            element.Slice(field.Offset + number * field.NumberBytes, field.NumberBytes).CopyTo(bytes);
            if (field.IsBigEndian)
            {
                Array.Reverse(bytes);
            }
        }
    }
}
