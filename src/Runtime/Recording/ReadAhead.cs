using System.Collections.Concurrent;

namespace Provenance.Runtime.Recording;

/// <summary>Makes the items of a long list on another thread while the ones before are worked on.</summary>
internal static class ReadAhead
{
    // Few at a time: what waits when the heap is cleared is taken for old, and stays as garbage.
    private const int ChunkItems = 16;
    private const int MostChunks = 2;

    /// <summary>The same items in the same order; a short list is made where it is read.</summary>
    public static IEnumerable<T> Of<T>(IEnumerable<T> items)
    {
        using var chunks = items.Chunk(ChunkItems).GetEnumerator();
        if (!chunks.MoveNext())
        {
            yield break;
        }

        var first = chunks.Current;
        foreach (var item in first)
        {
            yield return item;
        }

        if (first.Length < ChunkItems)
        {
            yield break;
        }

        using var ready = new BlockingCollection<T[]>(MostChunks);
        using var left = new CancellationTokenSource();
        var making = Task.Factory.StartNew(() => Make(chunks, ready, left.Token),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            foreach (var chunk in ready.GetConsumingEnumerable())
            {
                foreach (var item in chunk)
                {
                    yield return item;
                }
            }

            // Throws what making them threw.
            making.GetAwaiter().GetResult();
        }
        finally
        {
            left.Cancel();
            ((IAsyncResult)making).AsyncWaitHandle.WaitOne();
        }
    }

    private static void Make<T>(IEnumerator<T[]> chunks, BlockingCollection<T[]> ready, CancellationToken left)
    {
        try
        {
            while (chunks.MoveNext())
            {
                ready.Add(chunks.Current, left);
            }
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            // Whoever read them has enough.
        }
        finally
        {
            ready.CompleteAdding();
        }
    }
}
