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
        var pushed = new PushedManifests(layout, time);
        if (Review is { } link)
        {
            return new RecordScope
            {
                Shown = [.. link.Records.Except(takenDown)],
                TakenDown = takenDown,
                WithheldManifests = Withheld(pushed, blobs, sync, [], takenDown),
                ValidUntil = link.ExpiresAt,
            };
        }

        if (Token?.Scopes.HasFlag(TokenScopes.Admin) == true)
        {
            return new RecordScope { TakenDown = takenDown, WithheldManifests = Withheld(pushed, blobs, sync, [], takenDown) };
        }

        string? owner = Owner;
        var apart = pushed.List().Where(manifest => !manifest.MayBeReadBy(owner, time.GetUtcNow())).ToList();
        var tags = pushed.Tags();
        var unread = apart.Select(manifest => (manifest.Repository, manifest.Manifest.Digest)).ToHashSet();
        var inForce = new Restrictions(layout, time).List();
        Digest[] hidden = [.. inForce.GroupBy(one => one.Record).Where(of => owner is null || of.All(one => one.Owner != owner)).Select(of => of.Key)];
        return new RecordScope
        {
            TakenDown = takenDown,
            Hidden = hidden,
            WithheldManifests = Withheld(pushed, blobs, sync, hidden, takenDown),
            HiddenNames = tags.Where(IsHidden).Select(tag => $"{tag.Repository}:{tag.Tag}").ToHashSet(),
            ValidUntil = inForce.Select(one => one.PublicAt).Concat(apart.Select(manifest => manifest.PublicAt))
                .Concat(tags.Where(IsHidden).Select(tag => tag.PublicAt).Where(at => at > time.GetUtcNow())).Min(),
        };

        bool IsHidden(PushedTag tag) => unread.Contains((tag.Repository, tag.Digest)) || !tag.MayBeReadBy(owner, time.GetUtcNow());
    }

    /// <summary>By what the record of each is: a manifest may have been pushed long before somebody restricted the record.</summary>
    private static IReadOnlySet<Digest> Withheld(PushedManifests pushed, BlobStore blobs, FolderSync sync, Digest[] hidden, Digest[] takenDown)
    {
        if (hidden.Length + takenDown.Length == 0 || !pushed.HasAny())
        {
            return new HashSet<Digest>();
        }

        using var finder = RecordFinder.Open(blobs, sync);
        return pushed.With([.. finder.WithDependents([.. hidden, .. takenDown]), .. finder.ManifestsOfAll(takenDown)]);
    }

    public bool May(TokenScopes scope) => Token?.Scopes.HasFlag(scope) == true || Token?.Scopes.HasFlag(TokenScopes.Admin) == true;
}
