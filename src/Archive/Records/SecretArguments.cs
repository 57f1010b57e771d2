using System.Text;
using System.Text.RegularExpressions;
using Provenance.Archive.Content;

namespace Provenance.Archive.Records;

/// <summary>Keeps what looks like a secret out of recorded command lines, by the names that <see cref="SecretNames"/> knows.</summary>
public static partial class SecretArguments
{
    /// <summary>The arguments with <c>sha256:…</c> for each value of a secret-looking name, and no password in a URL.</summary>
    public static IReadOnlyList<string> Redact(IReadOnlyList<string> argv)
    {
        string[] redacted = [.. argv];
        for (int index = 0; index < redacted.Length; index++)
        {
            string argument = redacted[index];
            int sign = argument.IndexOf('=', StringComparison.Ordinal);
            if (sign > 0 && LooksSecret(argument[..sign]))
            {
                redacted[index] = $"{argument[..(sign + 1)]}{DigestOf(argument[(sign + 1)..])}";
            }
            else if (IsOption(argument) && LooksSecret(argument) && index + 1 < redacted.Length && !IsOption(redacted[index + 1]))
            {
                redacted[index + 1] = DigestOf(redacted[index + 1]);
                index++;
            }
            else
            {
                redacted[index] = WithoutPasswords(argument);
            }
        }

        return redacted;
    }

    /// <summary>An address without user and password, wherever it stands in a text.</summary>
    public static string WithoutPasswords(string text) => UserInUrl().Replace(text, "$1");

    private static bool IsOption(string argument) => argument.StartsWith("--", StringComparison.Ordinal);

    private static bool LooksSecret(string name) => SecretNames.LooksSecret(name.TrimStart('-').Replace('-', '_'));

    private static string DigestOf(string value) => Digest.Of(Encoding.UTF8.GetBytes(value)).ToString();

    // RFC 3986 §3.2.1: userinfo is what stands before the at sign.
    [GeneratedRegex(@"([A-Za-z][A-Za-z0-9+.-]*://)[^/@\s?#]+@", RegexOptions.CultureInvariant)]
    private static partial Regex UserInUrl();
}
