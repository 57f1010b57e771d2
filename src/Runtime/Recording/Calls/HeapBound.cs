namespace Provenance.Runtime.Recording.Calls;

/// <summary>Keeps garbage from piling up beside the job: left alone, the heap grows to twice what is in use before it is looked through.</summary>
internal sealed class HeapBound
{
    private const long GrowthBytes = 24 << 20;

    private long _live;

    /// <summary>Collects when much has been allocated since the last time. The job does not wait for it.</summary>
    public void Keep()
    {
        if (GC.GetTotalMemory(forceFullCollection: false) - _live > GrowthBytes)
        {
            GC.Collect();
            _live = GC.GetTotalMemory(forceFullCollection: false);
        }
    }
}
