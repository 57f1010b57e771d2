using Provenance.Archive.Catalog;
using Provenance.Archive.Content;

namespace Provenance.Archive.Access;

/// <summary>Somebody who reads a served archive: the public, the owner of a token, or whoever has a link for reviewers.</summary>
public sealed record Audience
{
    public static Audience Public { get; } = new();

    /// <summary>Null for the public and for reviewers.</summary>
    public AccessToken? Token { get; init; }

    public ReviewLink? Review { get; init; }

    /// <summary>Whose restricted things they may read; null for nobody's.</summary>
    public string? Owner => Token?.Scopes.HasFlag(TokenScopes.Read) == true ? Token.Owner : null;

    /// <summary>What those who may read the same things have in common.</summary>
    public string Key => this switch
    {
        { Review: { } link } => $"review {link.Id}",
        { Token: { } token } when token.Scopes.HasFlag(TokenScopes.Admin) => "admin",
        { Token: { } token } when token.Scopes.HasFlag(TokenScopes.Read) => $"owner {token.Owner}",
        _ => "",
    };

    /// <summary>Which records they may read at the moment.</summary>
    /// <exception cref="CatalogException">It cannot be told; nothing may be shown.</exception>
    public RecordScope ScopeIn(BlobStore blobs, FolderSync sync, TimeProvider time)
    {
        var layout = blobs.Layout;
        Digest[] takenDown = [.. Tombstones.InForce(blobs, sync).Select(tombstone => tombstone.Of)];
        if (Review is { } link)
        {
            return new RecordScope { Shown = [.. link.Records.Except(takenDown)], TakenDown = takenDown, ValidUntil = link.ExpiresAt };
        }

        if (Token?.Scopes.HasFlag(TokenScopes.Admin) == true)
        {
            return new RecordScope { TakenDown = takenDown };
        }

        string? owner = Owner;
        var pushed = new PushedManifests(layout, time);
        var apart = pushed.List().Where(manifest => !manifest.MayBeReadBy(owner, time.GetUtcNow())).ToList();
        var unread = apart.Select(manifest => (manifest.Repository, manifest.Manifest.Digest)).ToHashSet();
        var inForce = new Restrictions(layout, time).List();
        return new RecordScope
        {
            TakenDown = takenDown,
            Hidden = [.. inForce.GroupBy(one => one.Record).Where(of => owner is null || of.All(one => one.Owner != owner)).Select(of => of.Key)],
            HiddenNames = pushed.Tags().Where(tag => unread.Contains((tag.Repository, tag.Digest))).Select(tag => $"{tag.Repository}:{tag.Tag}").ToHashSet(),
            ValidUntil = inForce.Select(one => one.PublicAt).Concat(apart.Select(manifest => manifest.PublicAt)).Min(),
        };
    }

    public bool May(TokenScopes scope) => Token?.Scopes.HasFlag(scope) == true || Token?.Scopes.HasFlag(TokenScopes.Admin) == true;
}
