using System.Runtime.InteropServices;

namespace Provenance.Runtime.Native;

/// <summary>A classic BPF program over struct seccomp_data: which calls are refused or told of, all others being allowed.</summary>
/// <remarks>
/// The rules stand as a binary search tree over the call numbers, so that a call costs few instructions on kernels
/// before 5.11; later ones remember which calls are always allowed. Sources: seccomp(2), linux/bpf_common.h.
/// </remarks>
internal sealed class SeccompFilter
{
    public const uint AUDIT_ARCH_X86_64 = 0xC000003E, AUDIT_ARCH_I386 = 0x40000003, AUDIT_ARCH_AARCH64 = 0xC00000B7;
    public const uint SECCOMP_RET_ALLOW = 0x7FFF0000, SECCOMP_RET_ERRNO = 0x00050000;
    public const uint SECCOMP_RET_USER_NOTIF = 0x7FC00000, SECCOMP_RET_TRACE = 0x7FF00000;

    /// <summary>Set in the numbers of the x32 ABI, which shares x86-64's architecture.</summary>
    public const uint X32Bit = 0x40000000;

    private const ushort LoadWord = 0x20, JumpEqual = 0x15, JumpGreaterOrEqual = 0x35, JumpAnySet = 0x45, Return = 0x06;
    private const ushort JumpAlways = 0x05;
    private const uint NumberOffset = 0, ArchitectureOffset = 4, ArgumentsOffset = 16;

    private readonly List<Instruction> _program;

    private SeccompFilter(List<Instruction> program) => _program = program;

    /// <summary>Number of instructions.</summary>
    public int Count => _program.Count;

    /// <summary>As an array of struct sock_filter.</summary>
    public byte[] Bytes => MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_program)).ToArray();

    /// <summary>For an architecture and the 32-bit one it also runs; programs of any other get ENOSYS.</summary>
    public static SeccompFilter Build(Architecture architecture, IReadOnlyList<SeccompRule> rules)
    {
        List<Instruction> program = [new(LoadWord, 0, 0, ArchitectureOffset)];
        if (architecture == Architecture.X64)
        {
            program.AddRange(ForArchitecture(AUDIT_ARCH_X86_64, rules, rule => rule.Call.X64, X32Bit));
            program.AddRange(ForArchitecture(AUDIT_ARCH_I386, rules, rule => rule.Call.I386, null));
        }
        else
        {
            // 32-bit ARM programs are refused as a whole: the machines that science runs on have no such mode.
            program.AddRange(ForArchitecture(AUDIT_ARCH_AARCH64, rules, rule => rule.Call.Arm64, null));
        }
        program.Add(Refuse(Errno.ENOSYS));
        return new SeccompFilter(program);
    }

    private static List<Instruction> ForArchitecture(
        uint architecture, IEnumerable<SeccompRule> rules, Func<SeccompRule, int> number, uint? refusedFrom)
    {
        var sorted = rules.Where(rule => number(rule) >= 0).OrderBy(number).ToArray();
        List<Instruction> body = [new(LoadWord, 0, 0, NumberOffset)];
        if (refusedFrom is { } limit)
            body.AddRange([new(JumpGreaterOrEqual, 0, 1, limit), Refuse(Errno.ENOSYS)]);
        body.AddRange(Tree(sorted, number));
        // Conditional jumps reach 255 instructions, which a body may exceed.
        return [new(JumpEqual, 1, 0, architecture), new(JumpAlways, 0, 0, (uint)body.Count), .. body];
    }

    private static List<Instruction> Tree(ReadOnlySpan<SeccompRule> rules, Func<SeccompRule, int> number)
    {
        if (rules.Length == 0)
            return [Allow];
        if (rules.Length == 1)
        {
            var action = Action(rules[0]);
            return [new(JumpEqual, 0, (byte)action.Count, (uint)number(rules[0])), .. action, Allow];
        }
        int middle = rules.Length / 2;
        var below = Tree(rules[..middle], number);
        var above = Tree(rules[middle..], number);
        var jump = new Instruction(JumpGreaterOrEqual, checked((byte)below.Count), 0, (uint)number(rules[middle]));
        return [jump, .. below, .. above];
    }

    private static List<Instruction> Action(SeccompRule rule)
    {
        var verdict = rule.Notifies ? new Instruction(Return, 0, 0, SECCOMP_RET_USER_NOTIF)
            : rule.Traces ? new Instruction(Return, 0, 0, SECCOMP_RET_TRACE)
            : Refuse(rule.Errno);
        if (rule.UnlessNull is { } pointer)
            return [.. LoadHalf(pointer, 0), new(JumpEqual, 0, 2, 0), .. LoadHalf(pointer, 1), new(JumpEqual, 1, 0, 0), verdict, Allow];
        if (rule.Argument is not { } argument)
            return [verdict];
        List<Instruction> action = LoadHalf(argument, 0);
        ushort test = rule.AnyBit ? JumpAnySet : JumpEqual;
        foreach (uint value in rule.Values)
            action.AddRange([new(test, 0, 1, value), verdict]);
        return [.. action, Allow];
    }

    /// <summary>The low half of a 64-bit argument stands first: both architectures are little-endian.</summary>
    private static List<Instruction> LoadHalf(int argument, uint half) =>
        [new(LoadWord, 0, 0, ArgumentsOffset + ((uint)argument * sizeof(ulong)) + (half * sizeof(uint)))];

    private static Instruction Allow => new(Return, 0, 0, SECCOMP_RET_ALLOW);

    private static Instruction Refuse(Errno errno) => new(Return, 0, 0, SECCOMP_RET_ERRNO | (uint)errno);

    /// <summary>struct sock_filter.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint K);
}
