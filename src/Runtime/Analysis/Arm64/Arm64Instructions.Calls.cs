namespace Provenance.Runtime.Analysis.Arm64;

/// <summary>What the kernel and the C library are asked for, by the names of what is called and the numbers it is handed.</summary>
internal sealed partial class Arm64Instructions
{
    // elf.h: AT_PLATFORM, AT_HWCAP, AT_HWCAP2, AT_HWCAP3, AT_HWCAP4
    private const ulong AtPlatform = 15, AtHwcap = 16, AtHwcap2 = 26, AtHwcap3 = 29, AtHwcap4 = 30;

    /// <summary>asm-generic/signal.h, mman.h.</summary>
    private const ulong Sigill = 4, ProtExec = 4, AllProtection = 7;

    private readonly HashSet<CodeFunction> _probers = [];
    private HashSet<CodeFunction> _auxiliary = [], _mappers = [], _signals = [], _jumps = [];

    /// <inheritdoc/>
    /// <remarks>Its argument tells whether it is asked for the processor.</remarks>
    internal override bool FollowsCallsOf(string name) => name is "getauxval" or "__getauxval";

    internal override IReadOnlyList<CodeFunction> Finish()
    {
        _auxiliary = Named("getauxval", "__getauxval", "__getauxval2");
        _signals = Named("sigaction", "__sigaction", "signal", "__sysv_signal");
        _jumps = Named("sigsetjmp", "__sigsetjmp", "setjmp", "_setjmp");
        _mappers = Code.Mappers();
        if (_auxiliary.Count == 0 && Image.Dynamic.Count == 0)
        {
            _auxiliary = [.. Code.Functions.Where(ReadsAuxiliaryVector)];
        }

        var makers = new List<CodeFunction>();
        foreach (var function in Code.Functions.Where(CallsOneOfThose))
        {
            if (NoteCalls(function))
            {
                makers.Add(function);
            }
        }

        return makers;
    }

    /// <summary>
    /// Whether all that it chooses by the processor are its atomics: libgcc's outline atomics (-moutline-atomics, gcc's default), which
    /// every program has and which say nothing of the rest. A constructor asks for HWCAP_ATOMICS and keeps one byte; each
    /// __aarch64_cas8_acq and its kin reads it, and has both forms. Source: gcc, libgcc/config/aarch64/lse.S and lse-init.c.
    /// </summary>
    internal override bool ChoosesOnlyAtomics(IEnumerable<CodeFunction> dispatchers)
    {
        const ulong LongestConstructor = 96;
        return dispatchers.All(function => function.AsksCpuid
            ? function.Length <= LongestConstructor && function.Writes is { Count: 1 }
            : IsOutlineAtomic(function));
    }

    /// <inheritdoc/>
    /// <remarks>The C library and the dynamic linker have outline atomics too, and set their variable in ways of their own.</remarks>
    internal override IEnumerable<ulong> AnswerVariables() => Code.Functions.Where(IsOutlineAtomic).SelectMany(function => function.Reads ?? []);

    /// <inheritdoc/>
    /// <remarks>What reads the C library's variable for the whole of a process (_rtld_global_ro) reads page sizes and paths as well.</remarks>
    internal override bool Tells(CodeFunction function) => (function.Reads ?? []).Exists(address => !Code.Imports.ContainsKey(address));

    private static bool IsOutlineAtomic(CodeFunction function)
    {
        const ulong Longest = 128;
        return function is { Features: Arm64Features.Atomics, HasExclusives: true, Length: <= Longest, Calls: null };
    }

    private HashSet<CodeFunction> Named(params string[] names) =>
        [.. Code.Functions.Where(function => names.Contains(function.Import ?? function.Name, StringComparer.Ordinal))];

    private bool CallsOneOfThose(CodeFunction function) => (function.Calls ?? []).Exists(target =>
        Code.Find(target) is { } called && (_auxiliary.Contains(called) || _mappers.Contains(called) || _signals.Contains(called)));

    /// <returns>Whether it asks for executable memory.</returns>
    private bool NoteCalls(CodeFunction function)
    {
        bool makesCode = false, handlesSigill = false, jumps = false;
        var values = new Arm64Values(Code);
        ulong at = function.Start;
        foreach (uint word in Words(function))
        {
            if (Arm64Branch.IsOfGroup(word))
            {
                var (flow, target) = Arm64Branch.Read(word, at);
                if (target != 0 && Code.Find(target) is { } called && called != function)
                {
                    makesCode |= _mappers.Contains(called) && values.NumberIn(2) is <= AllProtection and var access && (access & ProtExec) != 0;
                    handlesSigill |= _signals.Contains(called) && values.NumberIn(0) == Sigill;
                    jumps |= _jumps.Contains(called);
                    function.AsksCpuid |= _auxiliary.Contains(called) && IsOfProcessor(values.NumberIn(0));
                }

                AfterBranch(values, flow, word);
            }
            else
            {
                values.Apply(word, at);
            }

            at += WordBytes;
        }

        if (handlesSigill && jumps)
        {
            function.AsksCpuid = true;
            _probers.Add(function);
        }

        return makesCode;
    }

    private bool Asks(CodeFunction function, Arm64Values values, ulong target) => Code.Find(target) is { } called
        && ((_auxiliary.Contains(called) && IsOfProcessor(values.NumberIn(0))) || (_probers.Contains(function) && _jumps.Contains(called)));

    /// <summary>What is not known may be.</summary>
    private static bool IsOfProcessor(ulong? type) => type is null or AtPlatform or AtHwcap or AtHwcap2 or AtHwcap3 or AtHwcap4;

    /// <summary>getauxval of a static program without names: it compares with AT_HWCAP and AT_HWCAP2. Source: glibc, misc/getauxval.c.</summary>
    private bool ReadsAuxiliaryVector(CodeFunction function)
    {
        const ulong Longest = 256;
        const uint CompareMask = 0x7ffffc1f, Compare = 0x7100001f;
        return function.Length <= Longest && Compares(AtHwcap) && Compares(AtHwcap2);

        bool Compares(ulong number)
        {
            foreach (uint word in Words(function))
            {
                if ((word & CompareMask) == (Compare | ((uint)number << 10)))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
