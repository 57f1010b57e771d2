using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording;

/// <summary>Single files bound into a container that are programs or libraries: they count as put in from the host.</summary>
internal static class ElfBinds
{
    /// <summary>An ELF file begins so (elf(5), EI_MAG0 to EI_MAG3).</summary>
    private static ReadOnlySpan<byte> Magic => [0x7F, (byte)'E', (byte)'L', (byte)'F'];

    public static bool IsOne(Mount mount)
    {
        if (!mount.IsFile || !JobPlanner.IsBind(mount) || !File.Exists(mount.Source))
        {
            return false;
        }

        Span<byte> start = stackalloc byte[Magic.Length];
        using var file = File.OpenHandle(mount.Source);
        return RandomAccess.Read(file, start, 0) == start.Length && start.SequenceEqual(Magic);
    }
}
