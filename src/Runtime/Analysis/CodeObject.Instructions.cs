namespace Provenance.Runtime.Analysis;

internal sealed partial class CodeObject
{
    private IReadOnlyList<CodeFunction> _makers = [];

    /// <summary>Asks the kernel for memory that is executable and holds no file.</summary>
    internal bool MakesCode => _makers.Count > 0;

    /// <summary>
    /// Whether what makes code may know the processor. In a static program the C library asks too, so that there it is what does both.
    /// </summary>
    internal bool MakesCodeKnowing => Image.Dynamic.Count == 0 ? _makers.All(_dispatchers.Contains) : CanDispatch;

    private void Decode()
    {
        foreach (var function in _functions)
        {
            if (Image.OffsetOf(function.Start) is var offset and >= 0 && Image.Has(offset, (long)function.Length))
            {
                CodeBytes += (long)function.Length;
                ApproximateCount += Set.Scan(function);
            }

            if (!function.IsGap || !function.HasInvalid)
            {
                Features |= function.Features;
            }
        }

        _makers = Set.Finish();
    }

    internal void NotePointer(CodeFunction function, ulong address)
    {
        if (Image.IsCode(address))
        {
            (function.CodePointers ??= []).Add(address);
            return;
        }

        (function.Reads ??= []).Add(address);
        (function.DataPointers ??= []).Add(address);
    }

    /// <summary>
    /// Functions by which memory is made executable: stubs of the linkage table. A static program has none: see
    /// <see cref="InstructionSet.CallsMmap"/>.
    /// </summary>
    internal HashSet<CodeFunction> Mappers() =>
    [
        .. _functions.Where(function =>
            function.Import is "mmap" or "mmap64" or "mprotect" || (Image.Dynamic.Count == 0 && Set.CallsMmap(function))),
    ];
}
