using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Provenance.Archive.Access;

/// <summary>Puts stable other names in the place of what tells of people and places: the same one always gets the same name.</summary>
public sealed class Redactor
{
    private const int KeyDigits = 8;
    private const int ScanBytes = 1 << 16;
    private const int LongestScanned = 1 << 10;

    private readonly Dictionary<string, string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(string Beginning, string Name)> _keys = [];
    private readonly Regex? _pattern;

    public Redactor(Identities identities)
    {
        var counts = new Dictionary<IdentityKind, int>();
        foreach (var (text, kind) in identities.Found)
        {
            int number = counts[kind] = counts.GetValueOrDefault(kind) + 1;
            string name = $"{Word(kind)}-{number}";
            foreach (string form in FormsOf(text))
            {
                _names.TryAdd(form, name);
            }
        }

        int keys = 0;
        foreach (string key in identities.Keys)
        {
            _keys.Add((key[..KeyDigits], $"key-{++keys}"));
        }

        // The longest first, so that a host's whole name goes before its first part.
        var parts = _names.Keys.OrderByDescending(form => form.Length).ThenBy(form => form, StringComparer.Ordinal)
            .Select(form => $"{Edge(form[0])}{Regex.Escape(form)}{Edge(form[^1])}")
            .Concat(_keys.Select(key => $"{key.Beginning}[0-9a-f]*"));
        string pattern = string.Join('|', parts);
        _pattern = pattern.Length == 0 ? null : new Regex(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }

    public string Redact(string text) => _pattern?.Replace(text, match => NameOf(match.Value)) ?? text;

    /// <summary>Whether something of it stands in these bytes, as UTF-8 or Latin-1.</summary>
    /// <param name="content">Read to its end, or to the first.</param>
    public string? FindIn(Stream content)
    {
        if (_pattern is null)
        {
            return null;
        }

        byte[] buffer = new byte[ScanBytes];
        int kept = 0;
        int read;
        while ((read = content.Read(buffer, kept, buffer.Length - kept)) > 0)
        {
            int length = kept + read;
            var bytes = buffer.AsSpan(0, length);
            if ((_pattern.Match(Encoding.UTF8.GetString(bytes)) is { Success: true } match ? match : _pattern.Match(Encoding.Latin1.GetString(bytes)))
                is { Success: true } found)
            {
                return found.Value;
            }

            // What begins in one part may end in the next.
            kept = Math.Min(length, LongestScanned);
            bytes[^kept..].CopyTo(buffer);
        }

        return null;
    }

    private string NameOf(string found) => _names.GetValueOrDefault(found)
        ?? _keys.First(key => found.StartsWith(key.Beginning, StringComparison.OrdinalIgnoreCase)).Name;

    /// <summary>As it is written in plain text, in HTML, in JSON and in addresses.</summary>
    private static IEnumerable<string> FormsOf(string text) => new[]
    {
        text, HtmlEncoder.Default.Encode(text), JsonEncodedText.Encode(text).ToString(), Uri.EscapeDataString(text),
    }.Distinct();

    /// <summary>Names are whole words: a user ‘tom’ is not in ‘atom’.</summary>
    private static string Edge(char letter) => char.IsAsciiLetterOrDigit(letter) ? @"\b" : "";

    private static string Word(IdentityKind kind) => kind switch
    {
        IdentityKind.Person => "author",
        IdentityKind.Host => "host",
        IdentityKind.Cluster => "cluster",
        IdentityKind.Account => "account",
        IdentityKind.Source => "source",
        IdentityKind.Repository => "repository",
        _ => "archive",
    };
}
