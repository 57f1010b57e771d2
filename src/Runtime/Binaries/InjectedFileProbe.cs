using System.Security.Cryptography;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Injection;

namespace Provenance.Runtime.Binaries;

/// <summary>Describes a file of the host that is put into a container, so that a later host can be asked for its like.</summary>
public static class InjectedFileProbe
{
    private const int BufferBytes = 1 << 20;

    /// <summary>The same with what was known of it before.</summary>
    internal static InjectedFile Read(PlannedFile file) => Read(file.HostPath, file.ContainerPath, file.Reason) with
    {
        SymbolsUsed = file.SymbolsUsed,
        Replaces = file.Replaces,
        DriverVersion = file.DriverVersion,
    };

    /// <remarks>The reason is one of those that <see cref="InjectedFile.Reason"/> lists. A file that is no ELF file is described too.</remarks>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static InjectedFile Read(string hostPath, string containerPath, string reason)
    {
        var (digest, size) = Hash(hostPath);
        var elf = ReadElf(hostPath);
        return new()
        {
            HostPath = hostPath,
            ContainerPath = containerPath,
            Digest = digest,
            Size = size,
            Soname = elf?.Soname,
            BuildId = elf?.BuildId,
            VersionsProvided = Ordered(elf?.VersionsDefined),
            VersionsNeeded = Ordered(elf?.VersionsNeeded.Select(v => v.ToString())),
            Reason = reason,
            Needed = elf?.Needed,
        };
    }

    private static string[] Ordered(IEnumerable<string>? names) => [.. (names ?? []).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Null when it is none; a broken one cannot be loaded, and its digest still says which file it was.</summary>
    private static ElfFile? ReadElf(string path)
    {
        try
        {
            return ElfFile.Read(path);
        }
        catch (ElfFormatException)
        {
            return null;
        }
    }

    private static (DigestSet Digest, long Size) Hash(string path)
    {
        using var sha256 = new RunningDigest();
        using var sha512 = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        byte[] buffer = new byte[BufferBytes];
        long size = 0;
        while (RandomAccess.Read(file, buffer, size) is int read and > 0)
        {
            sha256.Append(buffer.AsSpan(0, read));
            sha512.AppendData(buffer, 0, read);
            size += read;
        }

        return (new()
        {
            Sha256 = Convert.ToHexStringLower(sha256.Finish()),
            Sha512 = Convert.ToHexStringLower(sha512.GetCurrentHash()),
        }, size);
    }
}
