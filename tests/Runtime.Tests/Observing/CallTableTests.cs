using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Provenance.Runtime.Native;
using Provenance.Runtime.Observing;
using Xunit;

namespace Provenance.Runtime.Tests.Observing;

/// <summary>The filter tells of the calls of the table and of no other: its instructions are run here as the kernel runs them.</summary>
public sealed class CallTableTests
{
    private const uint Refused = SeccompFilter.SECCOMP_RET_ERRNO | (uint)Errno.ENOSYS;

    public static TheoryData<Architecture, uint, int> Architectures => new()
    {
        { Architecture.X64, SeccompFilter.AUDIT_ARCH_X86_64, 0 },
        { Architecture.X64, SeccompFilter.AUDIT_ARCH_I386, 1 },
        { Architecture.Arm64, SeccompFilter.AUDIT_ARCH_AARCH64, 2 },
    };

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Every_call_of_the_table_is_told_and_no_other(Architecture architecture, uint audit, int which)
    {
        byte[] filter = CallTable.Filter(architecture).Bytes;
        int Number(Syscall call) => which == 0 ? call.X64 : which == 1 ? call.I386 : call.Arm64;
        var told = CallTable.All.Select(row => Number(row.Call)).Where(number => number >= 0).ToHashSet();
        int[] refused = [Number(Syscall.IoUringEnter), Number(Syscall.IoUringRegister)];

        for (int number = 0; number < 600; number++)
        {
            uint expected = told.Contains(number) ? SeccompFilter.SECCOMP_RET_USER_NOTIF
                : refused.Contains(number) ? Refused : SeccompFilter.SECCOMP_RET_ALLOW;
            // All bits of all arguments set: no condition keeps a call back.
            Assert.Equal((number, expected), (number, Run(filter, audit, number, [.. Enumerable.Repeat(ulong.MaxValue, 6)])));
            Assert.Equal(told.Contains(number), CallTable.Find(audit, number) is not null);
        }
    }

    [Theory]
    [InlineData("sendto", 4, 0UL, false)]
    [InlineData("sendto", 4, 0x1_0000_0000UL, true)]
    [InlineData("sendto", 4, 0x1000UL, true)]
    [InlineData("utimensat", 1, 0UL, false)]
    [InlineData("utimensat", 1, 0x7FFF_0000_0000UL, true)]
    [InlineData("seccomp", 1, 4UL, false)]
    [InlineData("seccomp", 1, 8UL, true)]
    public void A_call_about_a_descriptor_alone_is_not_told(string name, int argument, ulong value, bool isTold)
    {
        var row = CallTable.All.Single(row => row.Call.Name == name);
        ulong[] arguments = new ulong[6];
        arguments[argument] = value;

        uint verdict = Run(CallTable.Filter(Architecture.X64).Bytes, SeccompFilter.AUDIT_ARCH_X86_64, row.Call.X64, arguments);

        Assert.Equal(isTold ? SeccompFilter.SECCOMP_RET_USER_NOTIF : SeccompFilter.SECCOMP_RET_ALLOW, verdict);
    }

    /// <summary>Classic BPF, as far as seccomp(2) filters of ours need it.</summary>
    private static uint Run(byte[] program, uint architecture, int number, ulong[] arguments)
    {
        byte[] data = new byte[64];
        BinaryPrimitives.WriteInt32LittleEndian(data, number);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(4), architecture);
        for (int i = 0; i < arguments.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(16 + (i * 8)), arguments[i]);
        uint accumulator = 0;
        for (int at = 0; ; at++)
        {
            var instruction = program.AsSpan(at * 8, 8);
            ushort code = BinaryPrimitives.ReadUInt16LittleEndian(instruction);
            uint k = BinaryPrimitives.ReadUInt32LittleEndian(instruction[4..]);
            switch (code)
            {
                case 0x20:
                    accumulator = BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan((int)k));
                    break;
                case 0x05:
                    at += (int)k;
                    break;
                case 0x15 or 0x35 or 0x45:
                    bool holds = code switch { 0x15 => accumulator == k, 0x35 => accumulator >= k, _ => (accumulator & k) != 0 };
                    at += instruction[holds ? 2 : 3];
                    break;
                case 0x06:
                    return k;
                default:
                    throw new InvalidOperationException($"instruction {code:x}");
            }
        }
    }
}
