namespace Provenance.Web.Reading;

/// <summary>
/// How many requests read at once: each has a catalog open, some 8 MB of cache and statements, and more than a few a processor only wait for each other.
/// </summary>
/// <remarks>Whoever waits too long goes ahead: a request may open the archive twice, and must not wait for itself.</remarks>
internal sealed class Turns
{
    private const int EachProcessor = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private int _free = Most;

    public static int Most => EachProcessor * Environment.ProcessorCount;

    /// <returns>Whether it has to be given back.</returns>
    public bool Take()
    {
        long until = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        lock (_gate)
        {
            while (_free == 0)
            {
                long left = until - Environment.TickCount64;
                if (left <= 0 || !Monitor.Wait(_gate, (int)left))
                {
                    return false;
                }
            }

            _free--;
            return true;
        }
    }

    public void GiveBack()
    {
        lock (_gate)
        {
            _free++;
            Monitor.Pulse(_gate);
        }
    }
}
