using System.Text;
using System.Text.RegularExpressions;

namespace Provenance.Archive.Catalog;

/// <summary>A command line as a person would type it, for lists and for search.</summary>
internal static partial class CommandText
{
    /// <summary>What the catalog keeps, in characters; the record has all of it.</summary>
    public const int MaxLength = 4096;

    public static string Of(IReadOnlyList<string> argv)
    {
        var text = new StringBuilder();
        foreach (string argument in argv)
        {
            text.Append(text.Length == 0 ? "" : " ").Append(Quote(argument));
            if (text.Length >= MaxLength)
            {
                break;
            }
        }

        return Cut(text.ToString());
    }

    private static string Quote(string argument) =>
        Plain().IsMatch(argument) ? argument : $"'{argument.Replace("'", """'\''""")}'";

    /// <summary>Never between the two halves of a surrogate pair.</summary>
    private static string Cut(string text)
    {
        if (text.Length <= MaxLength)
        {
            return text;
        }

        return char.IsHighSurrogate(text[MaxLength - 1]) ? text[..(MaxLength - 1)] : text[..MaxLength];
    }

    [GeneratedRegex(@"\A[A-Za-z0-9@%+=:,./_-]+\z")]
    private static partial Regex Plain();
}
