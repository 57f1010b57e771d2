using Provenance.Archive.Images.Layers;

namespace Provenance.Runtime.Comparison;

/// <summary>What comes out of a decompressor, as far as the budget goes.</summary>
/// <param name="unpacked">Disposed of with this.</param>
/// <param name="packedBytes">Size of what it comes from.</param>
/// <param name="budget">Of the output.</param>
internal sealed class BudgetedStream(Stream unpacked, long packedBytes, ExpansionBudget budget) : ForwardStream
{
    private long _read;

    public override int Read(Span<byte> buffer)
    {
        int read = unpacked.Read(buffer);
        _read += read;
        budget.Take(_read, packedBytes, read);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            unpacked.Dispose();
        }

        base.Dispose(disposing);
    }
}
