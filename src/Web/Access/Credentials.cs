using System.Text;
using Provenance.Archive.Access;

namespace Provenance.Web.Access;

/// <summary>What a request brings along to be let in.</summary>
internal static class Credentials
{
    /// <summary>What the registry hands to those who have no token, because some clients do not go on without one.</summary>
    public const string Anonymous = "anonymous";

    /// <returns>Null when it brings nothing; empty for what is malformed.</returns>
    public static string? Read(HttpRequest request)
    {
        string field = request.Headers.Authorization.ToString();
        int space = field.IndexOf(' ', StringComparison.Ordinal);
        string text = (space < 0 ? "" : field[..space]).ToLowerInvariant() switch
        {
            "bearer" => field[(space + 1)..].Trim(),
            "basic" => PasswordOf(field[(space + 1)..].Trim()),
            _ => "",
        };
        return field.Length == 0 || text == Anonymous ? null : text;
    }

    /// <summary>The name beside it is not asked for: a token tells whose it is.</summary>
    private static string PasswordOf(string encoded)
    {
        byte[] buffer = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, buffer, out int written))
        {
            return "";
        }

        string pair = Encoding.UTF8.GetString(buffer.AsSpan(0, written));
        int colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 || !(SecretText.IsOne(pair[(colon + 1)..]) || OidcTokens.IsOne(pair[(colon + 1)..])) ? "" : pair[(colon + 1)..];
    }
}
