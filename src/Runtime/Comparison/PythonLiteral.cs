using System.Globalization;
using System.Text;

namespace Provenance.Runtime.Comparison;

/// <summary>Reads the Python literals that headers of .npy consist of: strings, integers, True, False, None, tuples, lists and dictionaries.</summary>
internal sealed class PythonLiteral
{
    private const int MaxDepth = 32;

    private readonly string _text;
    private int _at;

    private PythonLiteral(string text)
    {
        _text = text;
    }

    /// <returns>string, long, bool, null, List of these for tuples and lists, or Dictionary by string.</returns>
    /// <exception cref="UnreadableContentException">It is no such literal.</exception>
    public static object? Parse(string text)
    {
        var reader = new PythonLiteral(text);
        object? value = reader.ReadValue(0);
        reader.SkipSpace();
        return reader._at == text.Length ? value : throw Malformed();
    }

    private object? ReadValue(int depth)
    {
        if (depth > MaxDepth)
        {
            throw Malformed();
        }

        SkipSpace();
        switch (Peek())
        {
            case '{':
                return ReadDictionary(depth);
            case '(':
                return ReadItems(')', depth);
            case '[':
                return ReadItems(']', depth);
            case '\'' or '"':
                return ReadString();
            default:
                return ReadWord();
        }
    }

    private Dictionary<string, object?> ReadDictionary(int depth)
    {
        var dictionary = new Dictionary<string, object?>(StringComparer.Ordinal);
        _at++;
        while (!TryTake('}'))
        {
            if (ReadValue(depth + 1) is not string key || !TryTake(':') || !dictionary.TryAdd(key, ReadValue(depth + 1)))
            {
                throw Malformed();
            }

            RequireSeparator('}');
        }

        return dictionary;
    }

    private List<object?> ReadItems(char end, int depth)
    {
        var items = new List<object?>();
        _at++;
        while (!TryTake(end))
        {
            items.Add(ReadValue(depth + 1));
            RequireSeparator(end);
        }

        return items;
    }

    private string ReadString()
    {
        char quote = _text[_at++];
        var text = new StringBuilder();
        while (Peek() != quote)
        {
            _at += Peek() == '\\' ? 1 : 0;
            text.Append(Peek());
            _at++;
        }

        _at++;
        return text.ToString();
    }

    private object? ReadWord()
    {
        int start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '-'))
        {
            _at++;
        }

        string word = _text[start.._at];
        return word switch
        {
            "True" => true,
            "False" => false,
            "None" => null,
            _ => long.TryParse(word.TrimEnd('L'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
                ? number
                : throw Malformed(),
        };
    }

    private void RequireSeparator(char end)
    {
        SkipSpace();
        if (!TryTake(',') && Peek() != end)
        {
            throw Malformed();
        }
    }

    private bool TryTake(char character)
    {
        SkipSpace();
        bool isThere = Peek() == character;
        _at += isThere ? 1 : 0;
        return isThere;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private char Peek() => _at < _text.Length ? _text[_at] : throw Malformed();

    private static UnreadableContentException Malformed() => new("has a malformed header");
}
