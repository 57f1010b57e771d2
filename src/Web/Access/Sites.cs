using Provenance.Archive.Access;
using Provenance.Web.Hosting;
using Provenance.Web.Reading;

namespace Provenance.Web.Access;

/// <summary>The archive as each of those who read it may see it. What one may see is remembered apart from what others may.</summary>
internal sealed class Sites : IDisposable
{
    /// <summary>Readers other than the public whose views are kept open.</summary>
    private const int MostKept = 64;

    private readonly Turns _turns = new();
    private readonly Site _public;
    private readonly Dictionary<string, (Site Site, long Used)> _others = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly ServeOptions _options;
    private long _clock;

    public Sites(ServeOptions options)
    {
        _options = options;
        _public = new Site(options, Audience.Public, _turns);
    }

    public Site Of(Audience audience)
    {
        if (audience.Key.Length == 0)
        {
            return _public;
        }

        lock (_lock)
        {
            if (!_others.TryGetValue(audience.Key, out var known))
            {
                MakeRoom();
                known.Site = new Site(_options, audience, _turns);
            }

            _others[audience.Key] = (known.Site, _clock++);
            return known.Site;
        }
    }

    public void Dispose()
    {
        _public.Close();
        foreach (var (site, _) in _others.Values)
        {
            site.Close();
        }
    }

    private void MakeRoom()
    {
        if (_others.Count >= MostKept)
        {
            var (key, (site, _)) = _others.MinBy(other => other.Value.Used);
            _others.Remove(key);
            site.Close();
        }
    }
}
