namespace Provenance.Million;

/// <summary>How long answers took, in milliseconds: quantiles of all, none left out.</summary>
internal sealed class Latencies
{
    private readonly List<double> _all = [];

    public int Count => _all.Count;

    public void Add(double milliseconds)
    {
        lock (_all)
        {
            _all.Add(milliseconds);
        }
    }

    /// <summary>The smallest that so large a part is not above.</summary>
    public double Quantile(double part)
    {
        lock (_all)
        {
            _all.Sort();
            return _all.Count == 0 ? 0 : _all[Math.Clamp((int)Math.Ceiling(part * _all.Count) - 1, 0, _all.Count - 1)];
        }
    }
}
