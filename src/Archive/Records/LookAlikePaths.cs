using System.Globalization;
using System.Text;

namespace Provenance.Archive.Records;

/// <summary>Finds paths that are two and may look the same: a letter and its mark as one character in one of them, as two in the other (UAX #15).</summary>
/// <remarks>
/// This program carries no tables of compositions (InvariantGlobalization), so that what is composed of what is not known: an <c>é</c> of one character
/// is held to look like an <c>e</c> with any mark. It says too much of few names, and never that two paths are one.
/// </remarks>
internal sealed class LookAlikePaths
{
    private const char Marked = '\uFFFD';

    private readonly Dictionary<string, (string Path, int Marks)> _seen = new(StringComparer.Ordinal);
    private (string One, string Other)? _first;
    private int _count;

    /// <summary>Each path of one list once.</summary>
    public void Add(string path)
    {
        if (Ascii.IsValid(path))
        {
            return;
        }

        var (outline, marks) = OutlineOf(path);
        if (!_seen.TryAdd(outline, (path, marks)) && _seen[outline].Marks != marks)
        {
            _first ??= (_seen[outline].Path, path);
            _count++;
        }
    }

    /// <summary>In words, to be put behind a sentence; empty where there are none.</summary>
    public string Describe() => _first is not { } first ? ""
        : $"; '{Escaped(first.One)}' and '{Escaped(first.Other)}' may look the same and are two paths"
            + (_count > 1 ? string.Create(CultureInfo.InvariantCulture, $", and {_count - 1} more such pairs") : "");

    /// <summary>A letter with its marks, however written, is one and the same character in it.</summary>
    private static (string Outline, int Marks) OutlineOf(string path)
    {
        var outline = new StringBuilder();
        int marks = 0;
        foreach (var rune in path.EnumerateRunes())
        {
            // The second are vowels and finals of Hangul.
            bool isMark = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark || rune.Value is >= 0x1160 and <= 0x11FF;
            if (isMark)
            {
                marks++;
                if (outline.Length > 0)
                {
                    outline[^1] = Marked;
                }
            }
            else if (!rune.IsAscii && Rune.IsLetter(rune))
            {
                outline.Append(Marked);
            }
            else
            {
                outline.Append(rune);
            }
        }

        return (outline.ToString(), marks);
    }

    private static string Escaped(string path) =>
        string.Concat(path.Select(character => char.IsAscii(character) ? character.ToString() : $"\\u{(int)character:x4}"));
}
