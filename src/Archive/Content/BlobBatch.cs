namespace Provenance.Archive.Content;

/// <summary>Several blobs that become durable together: all are synced at once, then named, then their folder is synced, once.</summary>
/// <remarks>A file system that keeps a journal commits it once for all of them; one after the other, each waits for the disk by itself.</remarks>
public sealed class BlobBatch(BlobStore blobs) : IDisposable
{
    private readonly List<BlobWriteStream> _waiting = [];

    /// <summary>A blob to be written piece by piece, which the batch commits.</summary>
    public BlobWriteStream Create(string mediaType)
    {
        var blob = blobs.Create(mediaType);
        _waiting.Add(blob);
        return blob;
    }

    /// <summary>Writes bytes that are in memory; they are kept when the batch is committed.</summary>
    public Descriptor Put(string mediaType, ReadOnlySpan<byte> content)
    {
        var blob = Create(mediaType);
        blob.Write(content);
        return blob.Seal();
    }

    /// <summary>Leaves out one that was begun.</summary>
    internal void Drop(BlobWriteStream blob)
    {
        _waiting.Remove(blob);
        blob.Dispose();
    }

    /// <summary>Makes all of it durable.</summary>
    /// <param name="meanwhile">Further work of the same kind, such as a file that is to be durable at the same time.</param>
    public void Commit(params ReadOnlySpan<Action> meanwhile)
    {
        Action[] all = [.. _waiting.Select(blob => (Action)blob.FlushToDisk), .. meanwhile];
        AtOnce(all);
        foreach (var blob in _waiting)
        {
            blob.Place();
        }

        if (_waiting.Count > 0)
        {
            blobs.SyncNames();
        }

        Dispose();
    }

    /// <summary>Drops what was not committed.</summary>
    public void Dispose()
    {
        _waiting.ForEach(blob => blob.Dispose());
        _waiting.Clear();
    }

    /// <summary>Waiting for a disk is no work: each has a thread of its own, the last one ours.</summary>
    private static void AtOnce(Action[] actions)
    {
        var others = actions.SkipLast(1).Select(action => Task.Factory.StartNew(
            action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        try
        {
            actions.LastOrDefault()?.Invoke();
        }
        finally
        {
            Task.WhenAll(others).GetAwaiter().GetResult();
        }
    }
}
