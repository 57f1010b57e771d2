using Provenance.Runtime.Binaries;

namespace Provenance.Runtime.Analysis;

/// <summary>What the analysis has to know of a machine: its instructions, its relocations, the stubs of its linkage tables.</summary>
/// <remarks>Everything else, functions, dispatchers, reachability, is the same for all. One of these is for one object.</remarks>
internal abstract class InstructionSet(CodeObject code)
{
    /// <summary>Type numbers of relocations.</summary>
    internal abstract RelocationTypes Relocations { get; }

    /// <summary>A stub of the procedure linkage table is no longer, in bytes.</summary>
    internal abstract ulong LongestStub { get; }

    /// <summary>How much memory behind a pointer that a function which asks the processor is given or gives holds answers, in bytes.</summary>
    internal abstract ulong AnswerBytes { get; }

    /// <summary>Answers that lie closer together than this are one, in bytes; a power of two.</summary>
    internal abstract ulong AnswerGrain { get; }

    /// <summary>Whether data is named through a table of addresses even where it is the object's own.</summary>
    internal virtual bool ReadsThroughTable => false;

    /// <summary>Whether <see cref="StartsIn"/> is quick enough to be asked of every function.</summary>
    internal virtual bool SearchesAll => false;

    protected CodeObject Code { get; } = code;

    protected ElfImage Image => Code.Image;

    /// <exception cref="ElfFormatException">It is for a machine whose code is not known.</exception>
    internal static InstructionSet Of(CodeObject code) => code.Image.Machine switch
    {
        ElfMachines.Amd64 => new X86Instructions(code),
        ElfMachines.Arm64 => new Arm64.Arm64Instructions(code),
        var other => throw new ElfFormatException($"is for machine {other}, expected x86-64 ({ElfMachines.Amd64}) or arm64 ({ElfMachines.Arm64})"),
    };

    /// <summary>Names of feature bits, in ordinal order.</summary>
    internal abstract string[] NamesOf(ulong features);

    /// <summary>Where the stubs of a section of them begin.</summary>
    internal abstract IEnumerable<ulong> Stubs(string section, ulong address, ulong size);

    /// <summary>Whether a function without a record may be several, which <see cref="StartsIn"/> tells apart.</summary>
    internal abstract bool IsToSplit(CodeFunction function);

    /// <summary>Adds addresses at which functions begin, by what is called in a function's bytes.</summary>
    internal abstract void StartsIn(CodeFunction function, ISet<ulong> starts);

    /// <summary>Fills in what a function's instructions ask for, and where they lead. This is where the time goes.</summary>
    /// <returns>Instructions whose results are approximate.</returns>
    internal abstract int Scan(CodeFunction function);

    /// <summary>When all functions are scanned: what only their names and stubs tell.</summary>
    /// <returns>Those that ask the kernel for memory that is executable and holds no file.</returns>
    internal abstract IReadOnlyList<CodeFunction> Finish();

    /// <summary>Whether a function of a static program is the C library's mmap; its mprotect, which makes stacks executable, does not count.</summary>
    internal virtual bool CallsMmap(CodeFunction function) => false;

    /// <summary>What the conditional branches of a function ask of the processor, by their addresses; null where it is not understood.</summary>
    internal virtual IReadOnlyDictionary<ulong, GuardTest?> GuardTests(CodeFunction function) => new Dictionary<ulong, GuardTest?>();

    /// <summary>What a processor that has some features has besides.</summary>
    internal virtual ulong WithImplied(ulong features) => features;

    /// <summary>Whether calls of a function that can tell of the processor are told apart by what they ask for.</summary>
    internal virtual bool FollowsCallsOf(string name) => false;

    /// <summary>Memory that holds an answer of the processor's, though nothing shows who put it there.</summary>
    internal virtual IEnumerable<ulong> AnswerVariables() => [];

    /// <summary>Whether a small exported function that reads an answer may pass it on.</summary>
    internal virtual bool Tells(CodeFunction function) => true;

    /// <summary>Features that none of the functions that choose ever asks for; none where that cannot be told.</summary>
    internal virtual ulong Unasked(IReadOnlySet<CodeFunction> dispatchers) => 0;

    /// <summary>Whether functions that choose by the processor choose nothing that tells of the rest of the object.</summary>
    internal virtual bool ChoosesOnlyAtomics(IEnumerable<CodeFunction> dispatchers) => false;

    /// <summary>The instructions of a function, in order.</summary>
    internal abstract IEnumerable<CodeStep> Steps(CodeFunction function);

    /// <summary>An instruction for people to read.</summary>
    internal abstract string Text(ulong address);

    /// <summary>Where a function's bytes begin in the file; -1 where the file does not hold all of it.</summary>
    protected long OffsetOf(CodeFunction function)
    {
        long offset = Image.OffsetOf(function.Start);
        return offset >= 0 && Image.Has(offset, (long)function.Length) ? offset : -1;
    }
}
