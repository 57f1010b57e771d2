using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Provenance.Runtime.Native;

/// <summary>What only the processor, the auxiliary vector and the C library can say about the machine.</summary>
internal static unsafe partial class Cpu
{
    // linux/auxvec.h
    private const nuint AT_HWCAP = 16;
    private const nuint AT_HWCAP2 = 26;

    // sys/mman.h
    private const int PROT_READ = 1, PROT_WRITE = 2, PROT_EXEC = 4;
    private const int MAP_PRIVATE = 2, MAP_ANONYMOUS = 0x20;

    /// <summary>Bits in the mask given to sched_setaffinity(2): as many CPUs as Linux can be built for.</summary>
    private const int MaskBits = 8192;

    private const nuint CodeBytes = 4096;

    /// <summary>False on arm64. This says nothing about features: those are asked of CPUID, never of <c>IsSupported</c>.</summary>
    internal static bool HasCpuid => X86Base.IsSupported;

    /// <summary>The registers after CPUID: EAX, EBX, ECX, EDX.</summary>
    internal static (uint Eax, uint Ebx, uint Ecx, uint Edx) Cpuid(uint leaf, uint subleaf)
    {
        var (eax, ebx, ecx, edx) = X86Base.CpuId((int)leaf, (int)subleaf);
        return ((uint)eax, (uint)ebx, (uint)ecx, (uint)edx);
    }

    /// <summary>Register XCR0: which register files the kernel saves, so which a program may use.</summary>
    /// <returns>Null where memory cannot be made executable. The caller has seen OSXSAVE in CPUID leaf 1.</returns>
    /// <remarks>.NET has no intrinsic for XGETBV, and the size in leaf 0xD is ambiguous where PKRU stands behind a hole.</remarks>
    internal static ulong? ReadXcr0()
    {
        // xor ecx,ecx; xgetbv; shl rdx,32; or rax,rdx; ret
        ReadOnlySpan<byte> code = [0x31, 0xc9, 0x0f, 0x01, 0xd0, 0x48, 0xc1, 0xe2, 0x20, 0x48, 0x09, 0xd0, 0xc3];
        void* page = mmap(null, CodeBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (page == (void*)-1)
            return null;

        try
        {
            code.CopyTo(new Span<byte>(page, code.Length));
            return mprotect(page, CodeBytes, PROT_READ | PROT_EXEC) == 0 ? ((delegate* unmanaged<ulong>)page)() : null;
        }
        finally
        {
            _ = munmap(page, CodeBytes);
        }
    }

    /// <summary>AT_HWCAP and AT_HWCAP2 of this process.</summary>
    internal static (ulong Hwcap, ulong Hwcap2) ReadHwcaps() => (getauxval(AT_HWCAP), getauxval(AT_HWCAP2));

    /// <summary>Version of the glibc this process runs on; null on another C library.</summary>
    internal static string? GlibcVersion()
    {
        try
        {
            return Marshal.PtrToStringUTF8((nint)gnu_get_libc_version());
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Calls <paramref name="action"/> on each of the CPUs in turn, on a thread of its own. CPUs that are not allowed are left out.</summary>
    internal static void OnEach(IReadOnlyList<int> cpus, Action<int> action)
    {
        var thread = new Thread(() =>
        {
            foreach (int cpu in cpus)
            {
                if (TryMoveTo(cpu))
                    action(cpu);
            }
        });
        thread.Start();
        thread.Join();
    }

    private static bool TryMoveTo(int cpu)
    {
        if (cpu is < 0 or >= MaskBits)
            return false;

        ulong* mask = stackalloc ulong[MaskBits / 64];
        new Span<ulong>(mask, MaskBits / 64).Clear();
        mask[cpu / 64] = 1UL << (cpu % 64);
        return sched_setaffinity(0, MaskBits / 8, mask) == 0;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial void* mmap(void* addr, nuint length, int prot, int flags, int fd, nint offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mprotect(void* addr, nuint len, int prot);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int munmap(void* addr, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sched_setaffinity(int pid, nuint cpusetsize, ulong* mask);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nuint getauxval(nuint type);

    [LibraryImport("libc", SetLastError = true)]
    private static partial byte* gnu_get_libc_version();
}
