namespace Provenance.Runtime.Analysis;

internal sealed partial class CodeObject
{
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

        MakesCode = Set.Finish();
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

    /// <summary>Through the linkage table. A static program has none, and the C library in it would be taken for its own code.</summary>
    internal bool MapsMemory(ulong target) => Find(target)?.Import is "mmap" or "mmap64" or "mprotect";
}
