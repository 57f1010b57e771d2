using System.Buffers.Binary;
using Provenance.Archive.Records;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Sandbox;

/// <summary>Sets limits by their names.</summary>
/// <remarks>Source: getrlimit(2); asm-generic/resource.h.</remarks>
internal static class ResourceLimits
{
    /// <summary>The names in the order of their numbers.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "cpu", "fsize", "data", "stack", "core", "rss", "nproc", "nofile", "memlock", "as", "locks", "sigpending",
        "msgqueue", "nice", "rtprio", "rttime",
    ];

    private const ulong Unlimited = ulong.MaxValue;

    /// <exception cref="SandboxException">There is no limit of that name.</exception>
    public static SyscallStep Step(ResourceLimit limit)
    {
        int number = Names.ToList().IndexOf(limit.Name);
        if (number < 0)
            throw new SandboxException($"limit '{limit.Name}': expected one of {string.Join(", ", Names)}");
        byte[] pair = new byte[2 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(pair, (ulong?)limit.Soft ?? Unlimited);
        BinaryPrimitives.WriteUInt64LittleEndian(pair.AsSpan(sizeof(ulong)), (ulong?)limit.Hard ?? Unlimited);
        return new SyscallStep(Syscall.Prlimit64, limit.Name, 0, number, pair, 0);
    }
}
