using System.Collections.Concurrent;
using Provenance.Archive.Upkeep;

namespace Provenance.Web.Registry.Pushing;

/// <summary>Room that was promised to requests which are still writing: what several at once are promised is never more than there is.</summary>
/// <remarks>Of this server: another that writes to the same archive has its own, and sees of the others what lies on the disk.</remarks>
internal sealed class UploadBudgets(ServeOptions options)
{
    private readonly ConcurrentDictionary<string, UploadBudget> _budgets = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private long _promised;

    public UploadBudget Of(string owner) => _budgets.GetOrAdd(owner, name => new UploadBudget(options, name, this));

    /// <exception cref="QuotaException">The archive has no room for them.</exception>
    internal void Add(long bytes)
    {
        lock (_gate)
        {
            ArchiveQuota.Check(options.Layout, options.Time, _promised + bytes, UploadRoom.BytesOfAll(options.Layout));
            _promised += bytes;
        }
    }

    internal void Remove(long bytes)
    {
        lock (_gate)
        {
            _promised -= bytes;
        }
    }
}
