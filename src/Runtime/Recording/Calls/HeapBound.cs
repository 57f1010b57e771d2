namespace Provenance.Runtime.Recording.Calls;

/// <summary>Keeps garbage from piling up beside the job: left alone, the heap grows to twice what is in use before it is looked through.</summary>
internal sealed class HeapBound
{
    private const long GrowthBytes = 16 << 20;
    private const int LookEvery = 1024;

    private static long _live;

    private int _asked;

    /// <summary>Every thousandth time, looks whether much has been allocated since the heap was last cleared, and clears it. The job does
    /// not wait for it.</summary>
    public void Keep()
    {
        if (Interlocked.Increment(ref _asked) % LookEvery == 0
            && GC.GetTotalMemory(forceFullCollection: false) - Interlocked.Read(ref _live) > GrowthBytes)
        {
            // Nearly all of it is young.
            GC.Collect(1);
            if (GC.GetTotalMemory(forceFullCollection: false) - Interlocked.Read(ref _live) > GrowthBytes / 2)
            {
                GC.Collect();
            }

            Interlocked.Exchange(ref _live, GC.GetTotalMemory(forceFullCollection: false));
        }
    }
}
