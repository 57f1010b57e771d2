using Provenance.Archive.Content;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Care;

/// <summary>Puts the log's verifier key, <c>keys/log/vkey</c>, back where it is missing or damaged. The caller holds the archive's lock.</summary>
/// <remarks>
/// By it everything in the log is judged, so that it is taken from nowhere but the private key beside it and the archives that the user named, and only
/// if it is the one that signed the log's checkpoint. What the log's own folder publishes is not asked: whoever rewrote the log has rewritten that too.
/// </remarks>
internal sealed class LogKeyRepair(StoreLayout layout, FolderSync sync, SpareSources sources, Quarantine quarantine)
{
    private readonly LogKeyStore _keys = new(layout, sync);

    public IReadOnlyList<Repair> Run()
    {
        if (!IsBroken())
        {
            return [];
        }

        foreach (var (key, from) in Candidates())
        {
            if (HasSigned(key))
            {
                string? aside = quarantine.Keep(_keys.PublicFile);
                _keys.Restore(key);
                return [Repair.Replacing("keys/log/vkey", $"put back {from}; it signed the log's checkpoint", aside)];
            }
        }

        return [];
    }

    /// <summary>Missing is one that has signed.</summary>
    private bool IsBroken()
    {
        try
        {
            return LogKeyStore.FindVerifier(layout) is null && FindCheckpoint() is { IsSigned: true };
        }
        catch (TrustException)
        {
            return true;
        }
    }

    private IEnumerable<(VerifierKey Key, string From)> Candidates()
    {
        if (Try(_keys.FindPublicHalf) is { } own)
        {
            yield return (own, "from the private key");
        }

        foreach (var source in sources.All)
        {
            if (source.Layout is { } other && Try(() => LogKeyStore.FindVerifier(other)) is { } theirs)
            {
                yield return (theirs, $"from '{source.Name}'");
            }
        }
    }

    private bool HasSigned(VerifierKey key)
    {
        try
        {
            return FindCheckpoint() is { } checkpoint && checkpoint.Checkpoint.Origin == key.Name && checkpoint.Verify(KnownKeys.Of([key])).Log is not null;
        }
        catch (ArchiveException)
        {
            return false; // signed by another
        }
    }

    private SignedCheckpoint? FindCheckpoint() => Try(() => new TransparencyLog(layout, sync).FindCheckpoint());

    private static T? Try<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (ArchiveException)
        {
            return null;
        }
    }
}
