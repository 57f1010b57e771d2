using System.Net.Http.Headers;

namespace Provenance.Archive.Distribution;

/// <summary>How a registry says that somebody has to log in.</summary>
/// <remarks>Sources: RFC 9110 §11.3 and §11.6.1; distribution, docs/spec/auth/token.md for the parameters of Bearer.</remarks>
/// <param name="Scheme"><c>basic</c> or <c>bearer</c>.</param>
/// <param name="Parameters">Names in small letters.</param>
internal sealed record AuthenticationChallenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    private const int MaxParameters = 32;
    private const int MaxLength = 8192;

    public string? this[string name] => Parameters.GetValueOrDefault(name);

    /// <returns>The challenge that we can meet, Bearer before Basic; null for none. What is malformed is passed over.</returns>
    public static AuthenticationChallenge? Choose(HttpHeaderValueCollection<AuthenticationHeaderValue> header)
    {
        var challenges = header.Take(8).Select(Parse).OfType<AuthenticationChallenge>().ToList();
        return challenges.Find(challenge => challenge.Scheme == "bearer") ?? challenges.Find(challenge => challenge.Scheme == "basic");
    }

    internal static AuthenticationChallenge? Parse(AuthenticationHeaderValue value)
    {
        string scheme = value.Scheme.ToLowerInvariant();
        if (scheme is not ("basic" or "bearer") || value.Parameter is { Length: > MaxLength })
        {
            return null;
        }

        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        var rest = value.Parameter.AsSpan().Trim();
        while (!rest.IsEmpty)
        {
            // auth-param = token BWS "=" BWS ( token / quoted-string ); one name twice would be two answers to one question.
            if (Next(ref rest) is not { } parameter || parameters.Count == MaxParameters || !parameters.TryAdd(parameter.Name, parameter.Value))
            {
                return null;
            }
        }

        return new AuthenticationChallenge(scheme, parameters);
    }

    private static (string Name, string Value)? Next(ref ReadOnlySpan<char> rest)
    {
        int equals = rest.IndexOf('=');
        if (equals <= 0)
        {
            return null;
        }

        string name = rest[..equals].Trim().ToString().ToLowerInvariant();
        rest = rest[(equals + 1)..].TrimStart();
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            return null;
        }

        string? value = rest is ['"', ..] ? Quoted(ref rest) : Token(ref rest);
        rest = rest.TrimStart();
        if (value is null || (!rest.IsEmpty && rest[0] != ','))
        {
            return null;
        }

        rest = rest.TrimStart(" \t,");
        return (name, value);
    }

    private static string? Quoted(ref ReadOnlySpan<char> rest)
    {
        var value = new System.Text.StringBuilder();
        for (int i = 1; i < rest.Length; i++)
        {
            if (rest[i] == '"')
            {
                rest = rest[(i + 1)..];
                return value.ToString();
            }

            if (rest[i] == '\\' && ++i == rest.Length)
            {
                return null;
            }

            value.Append(rest[i]);
        }

        return null;
    }

    private static string Token(ref ReadOnlySpan<char> rest)
    {
        int end = rest.IndexOfAny(',', ' ', '\t');
        string value = (end < 0 ? rest : rest[..end]).ToString();
        rest = end < 0 ? [] : rest[end..];
        return value;
    }
}
