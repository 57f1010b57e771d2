namespace Provenance.Runtime.Recording;

/// <summary>What a job has as standard input, and what is done behind it while the job runs.</summary>
internal abstract class InputChannel : IDisposable
{
    /// <summary>What becomes the job's own descriptor.</summary>
    public abstract int JobDescriptor { get; }

    /// <summary>Our end of the job's pipe, which no process of the container may keep: the job would wait for its end; -1 for none.</summary>
    public virtual int FeedingDescriptor => -1;

    /// <summary>Call it when the job has its own copy of the descriptor: ours is closed here.</summary>
    public virtual void Start()
    {
    }

    /// <summary>Call it when the job has ended.</summary>
    public virtual void Finish()
    {
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
