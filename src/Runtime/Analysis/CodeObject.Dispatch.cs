namespace Provenance.Runtime.Analysis;

internal sealed partial class CodeObject
{
    /// <summary>Symbols of the C library and the compiler's own through which a program learns what the processor can do.</summary>
    private static readonly HashSet<string> ProcessorSymbols = new(StringComparer.Ordinal)
    {
        "__cpu_model", "__cpu_features2", "_rtld_global_ro", "__get_cpu_features", "_dl_x86_get_cpu_features", "__x86_get_cpu_features",
        "__x86_get_cpuid_feature_leaf", "getauxval", "__cpu_indicator_init", "__aarch64_cpu_features",
    };

    /// <summary>A caller of a function that asks CPUID works with the answer too, and its caller; not when everybody calls it.</summary>
    private const int CallersThatCount = 12, LevelsOfCallers = 2;
    private const ulong FewWords = 0x20;
    private const ulong LargestGetter = 64, LargestExportedGetter = 96;

    private readonly HashSet<CodeFunction> _askers = [];
    private readonly HashSet<CodeFunction> _answerers = [];
    private readonly HashSet<CodeFunction> _dispatchers = [];
    private readonly HashSet<CodeFunction> _getters = [];
    private readonly HashSet<ulong> _processorVariables = [];
    private HashSet<ulong> _processorImports = [];
    private HashSet<string> _otherProcessorSymbols = [];

    /// <summary>Functions that choose by what the processor can do.</summary>
    internal IReadOnlySet<CodeFunction> Dispatchers => _dispatchers;

    /// <summary>Whether any of its code chooses by what the processor can do.</summary>
    internal bool CanDispatch =>
        _resolvers.Count > 0 || _processorImports.Count > 0 || (_dispatchers.Count > 0 && !Set.ChoosesOnlyAtomics(_dispatchers));

    /// <summary>Whether it goes by what the C library or another object knows.</summary>
    internal bool ReadsForeignAnswers => _processorImports.Count > 0 || _otherProcessorSymbols.Count > 0;

    /// <summary>How it does; null when it does not.</summary>
    internal string? DispatchKind => _resolvers.Count > 0 ? "ifunc" : _askers.Count > 0 ? "cpuid" : CanDispatch ? "import" : null;

    /// <summary>Names it exports by which other objects learn what the processor can do.</summary>
    internal IEnumerable<string> ProcessorExports()
    {
        foreach (var symbol in _askers.Count == 0 ? [] : Image.DynamicSymbols.Where(symbol => symbol.IsDefined))
        {
            bool isFunction = (symbol.IsFunction || symbol.IsIndirect) && FindStart(symbol.Address) is { } function
                && (_answerers.Contains(function) || (_dispatchers.Contains(function) && function.Length <= LargestExportedGetter && Set.Tells(function)));
            if (isFunction || (symbol.IsObject && _processorVariables.Contains(symbol.Address & Grain)))
            {
                yield return symbol.Name;
            }
        }
    }

    /// <summary>Decides anew, with symbols of other objects that tell of the processor.</summary>
    internal void UseProcessorSymbols(IReadOnlySet<string> names)
    {
        if (!_otherProcessorSymbols.SetEquals(names))
        {
            _otherProcessorSymbols = new(names, StringComparer.Ordinal);
            FindDispatchers();
        }
    }

    /// <summary>Whether an instruction's operand at this address, or a call to this function, gives an answer of the processor's.</summary>
    internal bool IsProcessorVariable(ulong address) => _processorVariables.Contains(address & Grain) || _processorImports.Contains(address);

    internal bool TellsOfProcessor(CodeFunction function) =>
        function.AsksCpuid || _getters.Contains(function) || (function.Import is { } name && IsProcessorSymbol(name));

    private ulong Grain => ~(Set.AnswerGrain - 1);

    private bool IsProcessorSymbol(string name) =>
        (ProcessorSymbols.Contains(name) && !Set.FollowsCallsOf(name)) || _otherProcessorSymbols.Contains(name);

    private void FindDispatchers()
    {
        _askers.UnionWith(_functions.Where(function => function.AsksCpuid));
        FindAnswerers();
        FindVariables();
        _processorImports = [.. _imports.Where(import => IsProcessorSymbol(import.Value)).Select(import => import.Key)];
        _dispatchers.Clear();
        _getters.Clear();
        _dispatchers.UnionWith(_functions.Where(IsDispatcher));
        _getters.UnionWith(_dispatchers.Where(f => f.Length <= LargestGetter && !f.AsksCpuid && f.Features == 0));
        _dispatchers.UnionWith(_functions.Where(function => CalledBy(function).Any(_getters.Contains)));
        _dispatchers.UnionWith(_resolvers.Select(Find).OfType<CodeFunction>());
    }

    private void FindAnswerers()
    {
        _answerers.UnionWith(_askers);
        if (_askers.Count == 0)
        {
            return;
        }

        var callers = _functions
            .SelectMany(caller => CalledBy(caller).Where(called => called != caller).Select(called => (called, caller)))
            .ToLookup(pair => pair.called, pair => pair.caller);
        var front = _askers.ToList();
        for (int level = 0; level < LevelsOfCallers; level++)
        {
            front = [.. front.Where(f => callers[f].Count() <= CallersThatCount).SelectMany(f => callers[f]).Where(_answerers.Add)];
        }
    }

    /// <summary>Memory that they write, and structures that they are handed or hand on.</summary>
    private void FindVariables()
    {
        _processorVariables.UnionWith(Set.AnswerVariables().Select(address => address & Grain));
        foreach (var function in _answerers)
        {
            _processorVariables.UnionWith((function.Writes ?? []).Select(address => address & Grain));
            ulong size = _askers.Contains(function) ? Set.AnswerBytes : FewWords;
            foreach (ulong address in function.DataPointers ?? [])
            {
                for (ulong at = 0; at < size; at += Set.AnswerGrain)
                {
                    _processorVariables.Add(unchecked((address & Grain) + at));
                }
            }
        }
    }

    private bool IsDispatcher(CodeFunction function) =>
        _answerers.Contains(function)
        || (function.Reads?.Exists(IsProcessorVariable) ?? false)
        || CalledBy(function).Any(called => called.Import is { } name && IsProcessorSymbol(name));

    private IEnumerable<CodeFunction> CalledBy(CodeFunction function) =>
        (function.Calls ?? []).Select(Find).OfType<CodeFunction>();
}
