namespace Provenance.Runtime.Analysis;

/// <summary>Which instructions of an object run without a check of the processor: the algorithm is told in schema/FORMAT.d/requirements.md.</summary>
/// <remarks>
/// 1 roots: entry, initialisers, resolvers, exports that another object imports; pointers in data only where nothing can dispatch ·
/// 2 from a function to what it calls, and to the code it points to; from a dispatcher only to what every outcome of its guards reaches ·
/// 3 strength: how sure it is that what was reached runs.
/// </remarks>
/// <param name="code">The object.</param>
/// <param name="imported">Names that other objects of the load set import.</param>
/// <param name="isOnlyFor">Every object that imports from it chooses by processor, so that the whole of it may be one of the choices.</param>
internal sealed class Reachability(CodeObject code, IReadOnlySet<string> imported, bool isOnlyFor)
{
    private const int CertainDepth = 3, HandedDepth = 1, LongestChain = 8, Far = 100, MostCallees = 4000, MostOutcomes = 64, SmallestCensus = 8;
    private const ulong SmallGap = 64;

    private readonly Dictionary<CodeFunction, Step> _reached = [];
    private readonly Dictionary<CodeFunction, ulong> _guardedFeatures = [];
    private readonly Queue<CodeFunction> _pending = [];
    private readonly Dictionary<CodeFunction, GuardedFlow> _flows = [];
    private readonly List<CodeUse> _narrow = [];
    private ulong? _unasked;

    /// <summary>Of every feature the surest use.</summary>
    internal IReadOnlyList<CodeUse> Find()
    {
        Start();
        while (_pending.TryDequeue(out var function))
        {
            if (code.Dispatchers.Contains(function))
            {
                LeaveDispatcher(function);
            }
            else
            {
                Leave(function);
            }
        }

        bool isCompiledFor = IsCompiledForVex();
        var uses = code.Functions.Where(function => function.Features != 0).SelectMany(function => UsesOf(function, isCompiledFor));
        return
        [
            .. Surest(uses.OrderByDescending(use => use.Strong).ThenBy(use => use.Address)),
            .. Surest(_narrow.OrderBy(use => use.Checked!.Count).ThenBy(use => use.Address)),
        ];
    }

    // :: Step 1
    private void Start()
    {
        var entry = code.Find(code.Image.Entry);
        if (code.Image.Entry != 0 && entry is not null)
        {
            Reach(entry, null, "entry", 0);
            foreach (ulong handed in entry.CodePointers ?? [])
            {
                Reach(code.Find(handed), null, "entry", 0);
            }
        }

        foreach (ulong function in code.InitialFunctions())
        {
            Reach(code.Find(function), null, "initialiser", 0);
        }

        foreach (ulong resolver in code.Resolvers)
        {
            Reach(code.Find(resolver), null, "resolver", 0);
        }

        foreach (var symbol in code.Image.DynamicSymbols.Where(s => s.IsDefined && s.IsFunction && imported.Contains(s.Name)))
        {
            Reach(code.Find(symbol.Address), null, "export", Far);
        }

        foreach (ulong pointer in code.DataPointers.Where(_ => !code.CanDispatch))
        {
            Reach(code.Find(pointer), null, "pointer", Far);
        }
    }

    // :: Step 2
    private void Leave(CodeFunction function)
    {
        int depth = _reached[function].Depth + 1;
        foreach (ulong target in function.Calls ?? [])
        {
            Reach(code.Find(target), function, "call", depth);
        }

        foreach (ulong pointer in function.CodePointers ?? [])
        {
            bool isHanded = depth <= HandedDepth && IsFromEntry(function);
            if (code.FindStart(pointer) is { } target
                && (!code.CanDispatch || isHanded || (target.Features == 0 && !PointsToFeatures(target))))
            {
                Reach(target, function, "pointer", depth);
            }
        }
    }

    /// <summary>What <c>main</c> hands on is the program proper in some languages: Rust's run-time is given it so, and threads are.</summary>
    private bool IsFromEntry(CodeFunction function)
    {
        for (int i = 0; i <= HandedDepth; i++)
        {
            var step = _reached[function];
            if (step.From is null)
            {
                return step.How == "entry";
            }

            function = step.From;
        }

        return false;
    }

    /// <summary>What its guards choose is not followed; what every outcome comes to is.</summary>
    private void LeaveDispatcher(CodeFunction function)
    {
        bool isResolver = code.Resolvers.Contains(function.Start);
        var flow = FlowOf(function);
        var (features, outcomes) = flow.HasGuards ? flow.Outcomes() : (function.Features, [[.. function.Calls ?? []]]);
        _guardedFeatures[function] = isResolver ? 0 : features;
        if (isResolver)
        {
            return;
        }

        FindNarrow(flow);
        int depth = _reached[function].Depth + 1;
        if (outcomes.Count == 1)
        {
            foreach (ulong target in outcomes[0])
            {
                Reach(code.Find(target), function, "call", depth);
            }
        }
        else if (outcomes.Count <= MostOutcomes)
        {
            foreach (var always in outcomes.Select(Callees).Aggregate(Intersected))
            {
                Reach(always, function, "every-outcome", depth);
            }
        }

        foreach (ulong pointer in function.CodePointers ?? [])
        {
            if (code.FindStart(pointer) is { Features: 0 } target && !CallsFeatures(target))
            {
                Reach(target, function, "pointer", depth);
            }
        }
    }

    /// <summary>Checks of less than what they guard: what is called at once counts, not what that calls.</summary>
    private void FindNarrow(GuardedFlow flow)
    {
        foreach (var (tested, features, targets) in flow.Guarded())
        {
            ulong known = code.Set.WithImplied(tested);
            foreach (var function in targets.Select(code.Find).OfType<CodeFunction>().Where(f => !code.Dispatchers.Contains(f) && (f.Features & ~known) != 0))
            {
                _narrow.AddRange(Uses(function, function.Features & ~known, "narrow-check", isStrong: false, code.Set.NamesOf(tested)));
            }

            if ((features & ~known) != 0)
            {
                _narrow.AddRange(Uses(flow.Function, features & ~known, "narrow-check", isStrong: false, code.Set.NamesOf(tested)));
            }
        }
    }

    // :: Step 3
    private IEnumerable<CodeUse> UsesOf(CodeFunction function, bool isCompiledFor)
    {
        bool isReached = _reached.TryGetValue(function, out var step);
        if (function.IsGap && !isReached && (function.Length < SmallGap || function.HasInvalid))
        {
            return [];
        }

        ulong features = function.Features;
        if (isReached && _guardedFeatures.TryGetValue(function, out ulong unguarded))
        {
            features &= unguarded;
            isReached = features != 0;
        }

        if (isReached)
        {
            bool isSure = step.Depth <= (code.CanDispatch ? CertainDepth : LongestChain) || (step.How == "export" && !code.CanDispatch);
            bool isStrong = !(isOnlyFor && !code.CanDispatch) && (isCompiledFor || (isSure && IsCertain(function)));
            return Uses(function, features, step.How, isStrong);
        }

        if (!code.CanDispatch)
        {
            // Where nothing but atomics is chosen, those functions are none that use what they choose.
            bool isChoice = code.Dispatchers.Contains(function) && FlowOf(function) is { HasGuards: true };
            return Uses(function, isChoice ? features & FlowOf(function).Outcomes().Features : features, "no-dispatch", isCompiledFor && !isOnlyFor);
        }

        if ((features & Unasked) is var unasked and not 0)
        {
            return Uses(function, unasked, "unasked", isStrong: false);
        }

        return function.IsShared && IsWantedByPlainCode(function) ? Uses(function, features, "shared", isStrong: false) : [];
    }

    private IEnumerable<CodeUse> Uses(CodeFunction function, ulong features, string how, bool isStrong, IReadOnlyList<string>? tested = null)
    {
        foreach (var (first, address) in function.FirstUses!)
        {
            if ((first & features) is var wanted and not 0)
            {
                yield return new CodeUse
                {
                    Features = code.Set.NamesOf(wanted),
                    Function = function.Name,
                    Address = address,
                    Instruction = code.Set.Text(address),
                    How = how,
                    Strong = isStrong,
                    Checked = tested,
                };
            }
        }
    }

    /// <summary>The first of each feature: the surest, since they come in that order.</summary>
    private static List<CodeUse> Surest(IEnumerable<CodeUse> uses)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. uses.Where(use => use.Features.Aggregate(false, (isNew, feature) => seen.Add(feature) || isNew))];
    }

    /// <summary>Of the reached functions that compute on vectors, most do it in the encoding of AVX: the whole of it was compiled so.</summary>
    private bool IsCompiledForVex()
    {
        int vex = 0, legacy = 0;
        IEnumerable<CodeFunction> functions = code.CanDispatch ? _reached.Keys : code.Functions;
        foreach (var function in functions)
        {
            vex += function.HasVex ? 1 : 0;
            legacy += function.HasLegacyVectors && !function.HasVex ? 1 : 0;
        }

        return vex >= (code.CanDispatch ? SmallestCensus : 1) && vex > legacy;
    }

    /// <summary>Whether on the way to it every call lies on every path of its function.</summary>
    private bool IsCertain(CodeFunction function)
    {
        for (int i = 0; i < LongestChain; i++)
        {
            var step = _reached[function];
            if (step.From is not { } from)
            {
                return step.How != "pointer";
            }

            if (step.How == "pointer" || (step.How == "call" && !FlowOf(from).AlwaysReaches(function.Start)))
            {
                return false;
            }

            function = from;
        }

        return false;
    }

    /// <summary>Inline code of which the linker kept the copy compiled for more, while code compiled for less wants it too.</summary>
    private bool IsWantedByPlainCode(CodeFunction function) =>
        code.DataPointers.Contains(function.Start) || PlainCallees.Contains(function.Start);

    /// <summary>Code that is chosen by a check which does not ask for what it uses.</summary>
    private ulong Unasked => _unasked ??= code.Set.Unasked(code.Dispatchers);

    private HashSet<ulong> PlainCallees => field ??=
        [.. code.Functions.Where(f => f.Features == 0 && !code.Dispatchers.Contains(f)).SelectMany(f => f.Calls ?? [])];

    private void Reach(CodeFunction? function, CodeFunction? from, string how, int depth)
    {
        if (function is not null && _reached.TryAdd(function, new Step(from, how, depth)))
        {
            _pending.Enqueue(function);
        }
    }

    private GuardedFlow FlowOf(CodeFunction function)
    {
        if (!_flows.TryGetValue(function, out var flow))
        {
            _flows.Add(function, flow = new GuardedFlow(code, function));
        }

        return flow;
    }

    private HashSet<CodeFunction> Callees(HashSet<ulong> targets)
    {
        var found = new HashSet<CodeFunction>(targets.Select(code.Find).OfType<CodeFunction>());
        var pending = new Stack<CodeFunction>(found.Where(function => !code.Dispatchers.Contains(function)));
        while (found.Count < MostCallees && pending.TryPop(out var function))
        {
            foreach (ulong target in function.Calls ?? [])
            {
                // What a dispatcher calls is its own choice, which is looked at when it is reached.
                if (code.Find(target) is { } called && found.Add(called) && !code.Dispatchers.Contains(called))
                {
                    pending.Push(called);
                }
            }
        }

        return found;
    }

    private static HashSet<CodeFunction> Intersected(HashSet<CodeFunction> some, HashSet<CodeFunction> others)
    {
        some.IntersectWith(others);
        return some;
    }

    /// <summary>Tables of kernels are filled by functions that point to them (BLIS): such a function leads to a choice, not to what runs.</summary>
    private bool PointsToFeatures(CodeFunction function) =>
        (function.CodePointers ?? []).Exists(pointer => code.FindStart(pointer) is { Features: not 0 });

    private bool CallsFeatures(CodeFunction function) =>
        (function.Calls ?? []).Exists(target => code.Find(target) is { Features: not 0 });

    /// <summary>How a function was reached.</summary>
    private readonly record struct Step(CodeFunction? From, string How, int Depth);
}
