namespace Provenance.Runtime.Recording.Calls;

/// <summary>Keeps garbage from piling up beside the job: left alone, the heap grows to twice what is in use before it is looked through.</summary>
internal sealed class HeapBound
{
    private const long GrowthBytes = 8 << 20;
    private const int LookEvery = 1024;

    /// <summary>Below it, closing gaps takes longer than it is worth: most jobs are over sooner.</summary>
    private const long SmallBytes = 48 << 20;

    private static long _live;

    private int _asked;

    /// <summary>Every thousandth time, looks whether much has been allocated since the heap was last cleared, and clears it. The job does
    /// not wait for it.</summary>
    public void Keep()
    {
        if (Interlocked.Increment(ref _asked) % LookEvery == 0
            && GC.GetTotalMemory(forceFullCollection: false) is var used && used > SmallBytes
            && used - Interlocked.Read(ref _live) > GrowthBytes)
        {
            // Nearly all of it is young.
            GC.Collect(1);
            if (GC.GetTotalMemory(forceFullCollection: false) - Interlocked.Read(ref _live) > GrowthBytes / 2)
            {
                Compact();
            }

            Interlocked.Exchange(ref _live, GC.GetTotalMemory(forceFullCollection: false));
        }
    }

    /// <summary>Between the parts of a recording: what the last one held is given back to the system before the next takes its own.</summary>
    public static void GiveBack()
    {
        // What is committed, garbage and gaps included; GC.GetTotalMemory counts no gaps.
        if (GC.GetGCMemoryInfo(GCKind.Any).TotalCommittedBytes > SmallBytes || GC.GetTotalMemory(forceFullCollection: false) > SmallBytes)
        {
            Compact();
            Interlocked.Exchange(ref _live, GC.GetTotalMemory(forceFullCollection: false));
        }
    }

    /// <summary>A collection that only marks and sweeps leaves gaps committed that the next part does not fit into.</summary>
    private static void Compact() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
