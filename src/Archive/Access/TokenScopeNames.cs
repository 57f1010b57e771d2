namespace Provenance.Archive.Access;

/// <summary>Scopes as they are written: <c>read</c>, <c>push</c>, <c>admin</c>, with spaces or commas between.</summary>
public static class TokenScopeNames
{
    private static readonly (TokenScopes Scope, string Name)[] All =
        [(TokenScopes.Read, "read"), (TokenScopes.Push, "push"), (TokenScopes.Admin, "admin")];

    public static string Of(TokenScopes scopes) => string.Join(' ', All.Where(one => scopes.HasFlag(one.Scope)).Select(one => one.Name));

    /// <returns>Null when one of them is no scope, or there is none.</returns>
    public static TokenScopes? Find(string text)
    {
        var scopes = TokenScopes.None;
        foreach (string name in text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            var known = Array.Find(All, one => one.Name == name);
            if (known.Name is null)
            {
                return null;
            }

            scopes |= known.Scope;
        }

        return scopes == TokenScopes.None ? null : scopes;
    }
}
