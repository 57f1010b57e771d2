using System.Collections.Concurrent;

namespace Provenance.Web.Registry.Pushing;

/// <summary>The budget of each owner who sends: what several requests at once are promised is never more than there is.</summary>
internal sealed class UploadBudgets(ServeOptions options) : IDisposable
{
    private readonly ConcurrentDictionary<string, UploadBudget> _budgets = new(StringComparer.Ordinal);
    private readonly Lock _making = new();

    public UploadBudget Of(string owner)
    {
        if (_budgets.TryGetValue(owner, out var known))
        {
            return known;
        }

        // One alone: a promise of another would be forgotten.
        lock (_making)
        {
            return _budgets.GetOrAdd(owner, name => new UploadBudget(options, name));
        }
    }

    public void Dispose()
    {
        foreach (var budget in _budgets.Values)
        {
            budget.Dispose();
        }
    }
}
