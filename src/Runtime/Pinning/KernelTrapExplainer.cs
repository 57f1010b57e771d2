using Provenance.Archive.Records;
using Provenance.Runtime.Binaries;
using Provenance.Runtime.Native;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Pinning;

/// <summary>Explains the end of a process that was not followed by the line that the kernel's log has of it.</summary>
/// <remarks>
/// The line names a file without its folder, so it is looked for in the container, and taken for the same when its code is mapped in
/// just such a piece. Whose process it was the line tells by a number alone, which we know of the job's first process only.
/// </remarks>
/// <param name="view">The container's files.</param>
/// <param name="spec">The container.</param>
/// <param name="workingDirectory">Where the job began.</param>
internal sealed class KernelTrapExplainer(ContainerView view, ContainerSpec spec, string workingDirectory)
{
    private const ulong PageBytes = 4096;

    /// <summary>Where libraries lie in most systems.</summary>
    private static readonly string[] LibraryFolders =
    [
        "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu",
    ];

    /// <summary>How much of an image is looked through for a file that is in no usual place.</summary>
    private const int MostFiles = 1_000_000;

    /// <param name="traps">What was logged while the job ran.</param>
    /// <param name="job">Its first process.</param>
    /// <returns>Null when none of them is known for the job's.</returns>
    public IllegalInstruction? Explain(IReadOnlyList<KernelTrap> traps, int job)
    {
        var own = traps.LastOrDefault(trap => trap.Thread == job);
        return own is not null
            ? Explain(own) ?? Bare(own)
            : traps.Reverse().Select(Explain).FirstOrDefault(illegal => illegal is not null);
    }

    /// <summary>What the line itself says.</summary>
    private static IllegalInstruction Bare(KernelTrap trap) =>
        FaultingCode.Describe(trap.Name, trap.Address, [], null) with { File = trap.File, FromLog = true };

    private IllegalInstruction? Explain(KernelTrap trap)
    {
        if (trap.File is not { } name)
            return null;
        return Places(name).Select(path => Explain(trap, path)).FirstOrDefault(illegal => illegal is not null);
    }

    private IllegalInstruction? Explain(KernelTrap trap, string path)
    {
        try
        {
            var found = view.Resolve(path);
            if (!found.Exists || found.Node.Kind != Sandbox.FileKind.File || view.HostPath(found.Path) is not { } onHost)
                return null;
            using var file = File.OpenHandle(onHost);
            var bytes = new ElfBytes(file);
            if (ElfCode.TryRead(bytes) is not { } code || OffsetIn(code, trap) is not { } offset || offset >= (ulong)bytes.Length)
                return null;
            ulong length = Math.Min(FaultingCode.LongestInstruction, (ulong)bytes.Length - offset);
            var place = new FaultingPlace(found.Path, offset, FaultingCode.FunctionAt(code, offset));
            return FaultingCode.Describe(trap.Name, trap.Address, bytes.Slice(offset, length, "code").ToArray(), place) with { FromLog = true };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ElfFormatException or SandboxException or SyscallException)
        {
            return null;
        }
    }

    /// <summary>A segment is mapped in whole pages: the size of one must be that of the mapping.</summary>
    private static ulong? OffsetIn(ElfCode code, KernelTrap trap)
    {
        foreach (var segment in code.Segments)
        {
            ulong begin = segment.Offset & ~(PageBytes - 1);
            ulong end = (segment.Offset + segment.FileSize + PageBytes - 1) & ~(PageBytes - 1);
            ulong offset = begin + (trap.Address - trap.Base);
            if (end - begin == trap.Size && trap.Address - trap.Base < trap.Size && (trap.Offset is null || trap.Offset == offset))
                return offset;
        }
        return null;
    }

    private IEnumerable<string> Places(string name)
    {
        string searched = Variable("PATH") ?? JobEnvironment.DefaultPath;
        string[] folders =
        [
            workingDirectory, Path.GetDirectoryName(Absolute(spec.Argv[0])) ?? "/", .. searched.Split(':'), .. (Variable("LD_LIBRARY_PATH") ?? "").Split(':'),
            .. LibraryFolders,
        ];
        var likely = folders.Where(folder => folder.StartsWith('/')).Distinct(StringComparer.Ordinal).Select(folder => $"{folder.TrimEnd('/')}/{name}");
        return likely.Concat(Everywhere(name));
    }

    /// <summary>Anywhere in the image, which may take a second: nothing runs any more.</summary>
    private IEnumerable<string> Everywhere(string name)
    {
        if (spec.Rootfs == ContainerSpec.HostRoot)
            return [];
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, MatchType = MatchType.Simple };
        return Directory.EnumerateFiles(spec.Rootfs, "*", options).Take(MostFiles)
            .Where(path => Path.GetFileName(path) == name).Select(path => path[spec.Rootfs.TrimEnd('/').Length..]);
    }

    private string Absolute(string path) => path.StartsWith('/') ? path : $"{workingDirectory.TrimEnd('/')}/{path}";

    private string? Variable(string name) => spec.Environment.LastOrDefault(entry => entry.Name == name)?.Value;
}
