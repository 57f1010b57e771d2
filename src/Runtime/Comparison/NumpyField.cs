namespace Provenance.Runtime.Comparison;

/// <summary>One part of an element of a NumPy array; an array of plain numbers has one without a name.</summary>
/// <param name="Name">Null for the only one.</param>
/// <param name="Code">NumPy's letter for the kind: b bool, i and u integers, f floating point, c complex, and others that are not numbers.</param>
/// <param name="ItemBytes">Of one item; of a complex number both halves.</param>
/// <param name="IsBigEndian">Its byte order.</param>
/// <param name="Offset">In the element, in bytes.</param>
/// <param name="Count">Items of it in one element.</param>
internal sealed record NumpyField(string? Name, char Code, int ItemBytes, bool IsBigEndian, int Offset, int Count)
{
    /// <summary>Whether the items can be read as numbers: others must be the same bytes.</summary>
    public bool IsNumeric => (Code, ItemBytes) is ('i' or 'u', 1 or 2 or 4 or 8) or ('f', 2 or 4 or 8) or ('c', 8 or 16);

    /// <summary>Of one number: a complex one is two.</summary>
    public int NumberBytes => Code == 'c' ? ItemBytes / 2 : ItemBytes;

    /// <summary>Numbers of it in one element.</summary>
    public int Numbers => Code == 'c' ? Count * 2 : Count;
}
