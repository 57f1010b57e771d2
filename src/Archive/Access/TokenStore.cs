using Dapper;
using Provenance.Archive.Catalog;
using Provenance.Archive.Content;

namespace Provenance.Archive.Access;

/// <summary>The tokens by which people write to a served archive, and read what is theirs.</summary>
public sealed class TokenStore(StoreLayout layout, TimeProvider time)
{
    private const string TokenPrefix = "prov_";
    private const int MostLetters = 200;
    private static readonly TimeSpan UseStep = TimeSpan.FromHours(1);

    private const string Columns =
        """
        select token_id as Id, label as Label, owner as Owner, scopes as Scopes, is_private as IsPrivate, created_at as CreatedAt, expires_at as ExpiresAt,
          used_at as UsedAt, revoked_at as RevokedAt
        from tokens
        """;

    /// <param name="owner">Whose it is: 1 to 200 letters, none of them a control character.</param>
    /// <param name="label">What it is for.</param>
    /// <param name="scopes">What it allows.</param>
    /// <param name="isPrivate">Whether what arrives by it is restricted to its owner, unless it says otherwise.</param>
    /// <param name="expiresAt">Null for never.</param>
    /// <returns>The token's text, which is shown once and kept nowhere.</returns>
    /// <exception cref="ArchiveException">It cannot be whose it is, or be called so.</exception>
    public string Create(string owner, string label, TokenScopes scopes, bool isPrivate, DateTimeOffset? expiresAt)
    {
        CheckText("owner", owner);
        CheckText("label", label);
        string text = SecretText.Make(TokenPrefix);
        using var database = ServiceDatabase.OpenForWriting(layout);
        database.Connection.Execute(
            """
            insert into tokens (hash, label, owner, scopes, is_private, created_at, expires_at)
            values (@hash, @label, @owner, @scopes, @isPrivate, @created, @expires)
            """,
            new
            {
                hash = SqlBlob.Of(SecretText.HashOf(text)),
                label,
                owner,
                scopes = TokenScopeNames.Of(scopes),
                isPrivate,
                created = time.GetUtcNow().ToUnixTimeMilliseconds(),
                expires = expiresAt?.ToUnixTimeMilliseconds(),
            });
        return text;
    }

    /// <returns>Null for one that is none, or is no longer valid.</returns>
    public AccessToken? Find(string text)
    {
        if (!SecretText.IsOne(text))
        {
            return null;
        }

        var token = Read(text);
        var now = time.GetUtcNow();
        if (token is null || !token.IsValidAt(now))
        {
            return null;
        }

        if (!(now - token.UsedAt < UseStep))
        {
            NoteUse(token.Id, now);
        }

        return token;
    }

    /// <summary>In the order in which they were made.</summary>
    public IReadOnlyList<AccessToken> List()
    {
        using var database = ServiceDatabase.OpenForReading(layout);
        return database is null ? [] : [.. database.Connection.Query<RawToken>($"{Columns}\norder by token_id").Select(Token)];
    }

    /// <returns>False when there is no such token.</returns>
    public bool Revoke(long id)
    {
        using var database = ServiceDatabase.OpenForWriting(layout);
        return database.Connection.Execute(
            "update tokens set revoked_at = coalesce(revoked_at, @now) where token_id = @id",
            new { id, now = time.GetUtcNow().ToUnixTimeMilliseconds() }) > 0;
    }

    /// <summary>Whether a text can be an owner's name.</summary>
    public static bool IsText(string text) => text.Length is > 0 and <= MostLetters && !text.Any(char.IsControl) && text == text.Trim();

    internal static void CheckText(string what, string text)
    {
        if (!IsText(text))
        {
            throw new ArchiveException($"{what} '{text}': expected 1 to {MostLetters} letters, without control characters or spaces around");
        }
    }

    private AccessToken? Read(string text)
    {
        using var database = ServiceDatabase.OpenForReading(layout);
        return database?.Connection.Query<RawToken>($"{Columns}\nwhere hash = @hash", new { hash = SqlBlob.Of(SecretText.HashOf(text)) })
            .Select(Token).SingleOrDefault();
    }

    private void NoteUse(long id, DateTimeOffset now)
    {
        using var database = ServiceDatabase.OpenForWriting(layout);
        database.Connection.Execute("update tokens set used_at = @now where token_id = @id", new { id, now = now.ToUnixTimeMilliseconds() });
    }

    private static AccessToken Token(RawToken raw) => new()
    {
        Id = raw.Id,
        Label = raw.Label,
        Owner = raw.Owner,
        Scopes = TokenScopeNames.Find(raw.Scopes) ?? TokenScopes.None,
        IsPrivate = raw.IsPrivate,
        CreatedAt = ServiceTime.Of(raw.CreatedAt),
        ExpiresAt = ServiceTime.Of(raw.ExpiresAt),
        UsedAt = ServiceTime.Of(raw.UsedAt),
        RevokedAt = ServiceTime.Of(raw.RevokedAt),
    };
}
