using Iced.Intel;

namespace Provenance.Runtime.Analysis;

/// <summary>The paths through one function: what it does whatever its checks of the processor say, and what lies on every path.</summary>
/// <remarks>
/// A guard is a conditional branch within some instructions after an answer of the processor's was read. Each outcome of the first
/// guards is followed by itself; what every outcome does is not guarded, which finds code that is called from both arms.
/// </remarks>
internal sealed class GuardedFlow
{
    private const int MostInstructions = 20_000, MostGuards = 8, GuardReach = 24;

    private readonly CodeObject _object;
    private readonly List<CodeStep> _instructions = [];
    private readonly Dictionary<ulong, int> _positions = [];
    private readonly Dictionary<int, int> _guards = [];

    internal GuardedFlow(CodeObject code, CodeFunction function)
    {
        _object = code;
        Function = function;
        foreach (var step in code.Set.Steps(function).Take(MostInstructions))
        {
            _positions[step.IP] = _instructions.Count;
            _instructions.Add(step);
        }

        FindGuards();
    }

    internal CodeFunction Function { get; }

    internal bool HasGuards => _guards.Count > 0;

    /// <summary>The features that every outcome of its guards asks for, and of each distinct outcome the code that it leads to.</summary>
    internal (ulong Features, IReadOnlyList<HashSet<ulong>> Targets) Outcomes()
    {
        ulong always = ulong.MaxValue;
        var targets = new List<HashSet<ulong>>();
        for (int outcome = 0; outcome < 1 << _guards.Count; outcome++)
        {
            var reached = new HashSet<ulong>();
            always &= Follow(outcome, reached);
            if (!targets.Exists(reached.SetEquals))
            {
                targets.Add(reached);
            }
        }

        return (always, targets);
    }

    /// <summary>
    /// What is done where its checks find features; nothing where a check is not understood. A branch that does not look at the
    /// processor's answer is followed both ways.
    /// </summary>
    internal IEnumerable<(ulong Tested, ulong Features, HashSet<ulong> Targets)> Guarded()
    {
        var known = _object.Set.GuardTests(Function);
        var tests = new GuardTest?[_guards.Count];
        foreach (var (at, guard) in _guards)
        {
            if (known.TryGetValue(_instructions[at].IP, out tests[guard]) && tests[guard] is null)
            {
                yield break;
            }
        }

        for (int outcome = 0; outcome < 1 << _guards.Count; outcome++)
        {
            ulong tested = 0;
            for (int guard = 0; guard < tests.Length; guard++)
            {
                bool isTaken = (outcome >> guard & 1) == 1;
                tested |= tests[guard] is { } test && test.IsTaken == isTaken ? test.Features : 0;
            }

            if (tested != 0)
            {
                var targets = new HashSet<ulong>();
                ulong features = Follow(outcome, targets);
                yield return (tested, features, targets);
            }
        }
    }

    /// <summary>Whether a call or jump to the target lies on every path from its start to its end.</summary>
    internal bool AlwaysReaches(ulong target)
    {
        bool[] seen = new bool[_instructions.Count];
        var pending = new Stack<int>([0]);
        while (pending.TryPop(out int at))
        {
            for (; at < _instructions.Count && !seen[at]; at++)
            {
                seen[at] = true;
                var instruction = _instructions[at];
                bool isNear = instruction.IsNear;
                if (isNear && instruction.NearBranchTarget == target)
                {
                    break;
                }

                var flow = instruction.FlowControl;
                if (flow == FlowControl.Return || (isNear && !IsCall(flow) && !_positions.ContainsKey(instruction.NearBranchTarget)))
                {
                    return false;
                }

                if (isNear && !IsCall(flow))
                {
                    pending.Push(_positions[instruction.NearBranchTarget]);
                }

                if (flow is FlowControl.UnconditionalBranch or FlowControl.IndirectBranch or FlowControl.Exception)
                {
                    break;
                }
            }
        }

        return true;
    }

    /// <summary>One outcome of the guards: bit k says whether guard k is taken.</summary>
    private ulong Follow(int outcome, HashSet<ulong> reached)
    {
        ulong features = 0;
        bool[] seen = new bool[_instructions.Count];
        var pending = new Stack<int>([0]);
        while (pending.TryPop(out int at))
        {
            while (at < _instructions.Count && !seen[at])
            {
                seen[at] = true;
                var instruction = _instructions[at];
                features |= instruction.Features;
                at = Next(at, instruction, outcome, reached, pending);
            }
        }

        return features;
    }

    /// <summary>The instruction after this one; past the last where there is none.</summary>
    private int Next(int at, in CodeStep instruction, int outcome, HashSet<ulong> reached, Stack<int> pending)
    {
        bool isNear = instruction.IsNear;
        ulong target = isNear ? instruction.NearBranchTarget : 0;
        switch (instruction.FlowControl)
        {
            case FlowControl.Call when isNear:
                reached.Add(target);
                return at + 1;
            case FlowControl.UnconditionalBranch when isNear:
                return Enter(target, reached);
            case FlowControl.ConditionalBranch when isNear:
                bool isGuard = _guards.TryGetValue(at, out int guard);
                if (!isGuard || (outcome >> guard & 1) == 1)
                {
                    pending.Push(Enter(target, reached));
                }

                return !isGuard || (outcome >> guard & 1) == 0 ? at + 1 : int.MaxValue;
            case FlowControl.UnconditionalBranch or FlowControl.IndirectBranch or FlowControl.Return or FlowControl.Exception:
                return int.MaxValue;
            default:
                return at + 1;
        }
    }

    private int Enter(ulong target, HashSet<ulong> reached)
    {
        if (_positions.TryGetValue(target, out int at))
        {
            return at;
        }

        reached.Add(target);
        return int.MaxValue;
    }

    private void FindGuards()
    {
        int since = GuardReach + 1;
        for (int i = 0; i < _instructions.Count && _guards.Count < MostGuards; i++)
        {
            since = IsAnswer(_instructions[i]) ? 0 : since + 1;
            if (_instructions[i].FlowControl == FlowControl.ConditionalBranch && since <= GuardReach)
            {
                _guards.Add(i, _guards.Count);
            }
        }
    }

    private bool IsAnswer(in CodeStep instruction)
    {
        if (instruction.AsksProcessor || (instruction.Operand != 0 && _object.IsProcessorVariable(instruction.Operand)))
        {
            return true;
        }

        return instruction.FlowControl == FlowControl.Call && instruction.IsNear
            && _object.Find(instruction.NearBranchTarget) is { } called && _object.TellsOfProcessor(called);
    }

    private static bool IsCall(FlowControl flow) => flow is FlowControl.Call or FlowControl.IndirectCall;
}
