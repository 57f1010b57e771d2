using Provenance.Archive.Upkeep;

namespace Provenance.Web.Registry.Pushing;

/// <summary>Room that one request was promised. What it has not written when it ends is others' again.</summary>
internal sealed class UploadPromise(UploadBudget budget) : IDisposable
{
    /// <summary>Asked for at once where nobody says how much is to come: counting takes longer than writing a little.</summary>
    private const long StepBytes = 4 << 20;

    private long _left;

    /// <param name="bytes">That are to come.</param>
    /// <param name="replaced">Of them, what lies in the owner's room and will leave it.</param>
    /// <returns>False when the owner's quota has no room for them.</returns>
    /// <exception cref="QuotaException">The archive has none.</exception>
    public bool TryAdd(long bytes, long replaced = 0)
    {
        bool isPromised = budget.TryAdd(bytes, replaced);
        _left += isPromised ? bytes : 0;
        return isPromised;
    }

    /// <summary>Whether so many may be written now, asking for more where need be.</summary>
    /// <exception cref="QuotaException">The archive has no room for them.</exception>
    public bool TryCover(int bytes) => bytes <= _left || TryStep() || TryAdd(bytes - _left);

    /// <summary>Writes bytes that are covered.</summary>
    public void Write(FileStream file, ReadOnlySpan<byte> bytes)
    {
        budget.Write(file, bytes);
        _left -= bytes.Length;
    }

    public void Dispose()
    {
        budget.Remove(_left);
        _left = 0;
    }

    private bool TryStep()
    {
        try
        {
            return TryAdd(StepBytes);
        }
        catch (QuotaException)
        {
            // Less may still fit.
            return false;
        }
    }
}
