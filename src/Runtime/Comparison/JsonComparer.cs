using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Provenance.Runtime.Comparison;

/// <summary>Compares what JSON says: the order of names and the layout do not matter, numbers are compared as numbers.</summary>
/// <remarks>Numbers at the same place, with the positions in arrays taken away (<c>$.steps[].energy</c>), are one group.</remarks>
internal sealed class JsonComparer : IContentComparer
{
    private const int MaxBytes = 64 << 20;
    private const int MaxDepth = 128;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    public string Kind => "json";

    public bool Recognises(ReadOnlySpan<byte> head, string name) => head.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..];

    public Likeness Compare(ComparedContent then, ComparedContent now, ComparisonContext context)
    {
        if (then.Length > MaxBytes || now.Length > MaxBytes)
        {
            throw new UnreadableContentException($"has more than {MaxBytes >> 20} MiB");
        }

        using var thenDocument = JsonDocument.Parse(then.FromStart(), Options);
        using var nowDocument = JsonDocument.Parse(now.FromStart(), Options);
        var comparison = new Comparison(context.Tolerance);
        if (comparison.Compare(thenDocument.RootElement, nowDocument.RootElement, "$") is { } difference)
        {
            return Likeness.Differs(Kind, difference.Note) with { LooksLikeTime = difference.IsTime };
        }

        return comparison.Finish().With(["json layout"]);
    }

    /// <summary>One comparison under way.</summary>
    private sealed class Comparison(NumberTolerance? tolerance)
    {
        private const int MaxShown = 80;

        private readonly Dictionary<string, NumberGroup> _groups = new(StringComparer.Ordinal);
        private readonly List<string> _places = [];

        /// <param name="then">A value of the original.</param>
        /// <param name="now">The value at the same place.</param>
        /// <param name="path">Where, with positions.</param>
        public (string Note, bool IsTime)? Compare(JsonElement then, JsonElement now, string path)
        {
            if (then.ValueKind != now.ValueKind)
            {
                return ($"{path} was {Word(then)} then, is {Word(now)} now", false);
            }

            return then.ValueKind switch
            {
                JsonValueKind.Object => CompareObjects(then, now, path),
                JsonValueKind.Array => CompareArrays(then, now, path),
                JsonValueKind.Number => CompareNumbers(then, now, path),
                JsonValueKind.String => CompareStrings(then.GetString() ?? "", now.GetString() ?? "", path),
                _ => null,
            };
        }

        public Likeness Finish()
        {
            var tally = new NumberTally(tolerance);
            foreach (var group in _groups.Values)
            {
                tally.Add(group);
            }

            return tally.Judge("json", group => _places[(int)group.Place]);
        }

        private (string Note, bool IsTime)? CompareObjects(JsonElement then, JsonElement now, string path)
        {
            // By a table, for JsonElement looks through all members for each name; no name is there twice, the parser has seen to that.
            var values = now.EnumerateObject().ToDictionary(property => property.Name, property => property.Value, StringComparer.Ordinal);
            foreach (var property in then.EnumerateObject())
            {
                string name = $"{path}.{property.Name}";
                if (!values.TryGetValue(property.Name, out var value))
                {
                    return ($"{name} is missing", false);
                }

                if (Compare(property.Value, value, name) is { } difference)
                {
                    return difference;
                }
            }

            // All names of then are there: another is only there when the counts say so.
            return values.Count == then.GetPropertyCount()
                ? null
                : ($"{path} has {values.Count} members now, {then.GetPropertyCount()} then", false);
        }

        private (string Note, bool IsTime)? CompareArrays(JsonElement then, JsonElement now, string path)
        {
            if (then.GetArrayLength() != now.GetArrayLength())
            {
                return ($"{path} has {now.GetArrayLength()} elements now, {then.GetArrayLength()} then", false);
            }

            using var values = now.EnumerateArray();
            foreach (var (index, value) in then.EnumerateArray().Index())
            {
                values.MoveNext();
                if (Compare(value, values.Current, $"{path}[{index}]") is { } difference)
                {
                    return difference;
                }
            }

            return null;
        }

        private (string Note, bool IsTime)? CompareNumbers(JsonElement then, JsonElement now, string path)
        {
            var thenText = JsonMarshal.GetRawUtf8Value(then);
            var nowText = JsonMarshal.GetRawUtf8Value(now);
            if (!NumberText.TryParse(thenText, out double thenValue) || !NumberText.TryParse(nowText, out double nowValue))
            {
                return thenText.SequenceEqual(nowText) ? null : ($"{path} has another number", false);
            }

            var group = GroupOf(path);
            bool isSame = thenText.SequenceEqual(nowText) || NumberText.AreSameDecimal(thenText, nowText);
            long differing = group.Differing;
            NumberGroups.Add(group, thenValue, nowValue, isSame, _places.Count);
            if (group.Differing > differing && group.Place == _places.Count)
            {
                _places.Add(path);
            }

            return null;
        }

        private static (string Note, bool IsTime)? CompareStrings(string then, string now, string path)
        {
            if (string.Equals(then, now, StringComparison.Ordinal))
            {
                return null;
            }

            return ($"{path} was {Quote(then)} then, is {Quote(now)} now", TimeText.ExplainsDifference(Cut(then), Cut(now)));
        }

        private NumberGroup GroupOf(string path)
        {
            var key = new StringBuilder(path.Length);
            bool isPosition = false;
            foreach (char character in path)
            {
                isPosition = character == '[' || isPosition && character != ']';
                if (!isPosition || character == '[')
                {
                    key.Append(character);
                }
            }

            ref var group = ref CollectionsMarshal.GetValueRefOrAddDefault(_groups, key.ToString(), out _);
            return group ??= new NumberGroup(null);
        }

        private static string Quote(string text) => JsonEncodedText.Encode(Cut(text)).ToString() is var shown ? $"'{shown}'" : "";

        private static string Cut(string text) => text.Length > MaxShown ? text[..MaxShown] : text;

        private static string Word(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            JsonValueKind.String => "a string",
            JsonValueKind.Number => "a number",
            JsonValueKind.Null => "null",
            _ => value.ValueKind == JsonValueKind.True ? "true" : "false",
        };
    }
}
