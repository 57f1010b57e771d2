namespace Provenance.Runtime.Recording;

/// <summary>How much of a run's files is still kept. What does not fit is counted. Several threads may ask.</summary>
/// <param name="limitBytes">For the whole run.</param>
internal sealed class KeepBudget(long limitBytes)
{
    private readonly Lock _lock = new();
    private long _left = limitBytes;

    /// <summary>Files that were not kept because of the limit, or for want of room.</summary>
    public int NotKept { get; private set; }

    /// <summary>Whether the archive has no room for more.</summary>
    public bool IsDiskFull { get; private set; }

    /// <summary>Takes a file's size from the budget; false when it does not fit.</summary>
    public bool TryTake(long sizeBytes)
    {
        lock (_lock)
        {
            if (sizeBytes > _left)
            {
                NotKept++;
                return false;
            }

            _left -= sizeBytes;
            return true;
        }
    }

    /// <summary>A file did not fit on the archive's disk: what is left there is for the record itself.</summary>
    public void GiveUp()
    {
        lock (_lock)
        {
            NotKept++;
            IsDiskFull = true;
            _left = 0;
        }
    }
}
