using CsCheck;
using Provenance.Runtime.Binaries;
using Xunit;

namespace Provenance.Runtime.Tests.Binaries;

/// <summary>Our reader against readelf on the files of this system, and against files that no linker made.</summary>
public sealed class ElfFileTests
{
    private const int FilesCompared = 200;

    private static readonly string[] Folders =
        ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/lib64", "/usr/lib", "/usr/bin", "/usr/sbin"];

    [Fact]
    public void Agrees_with_readelf_on_the_files_of_this_system()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/readelf"), "binutils is not installed");
        string[] files = [.. Folders.SelectMany(ElfFilesOf).DistinctBy(Path.GetFileName).Order(StringComparer.Ordinal)];
        int step = Math.Max(1, files.Length / FilesCompared);

        for (int i = 0; i < files.Length; i += step)
        {
            var expected = ReadElf.Run(files[i]);
            var elf = ElfFile.Read(files[i]);

            Assert.Equal((files[i], expected.Interpreter), (files[i], elf.Interpreter));
            Assert.Equal((files[i], expected.Soname), (files[i], elf.Soname));
            Assert.Equal((files[i], expected.Rpath), (files[i], elf.Rpath));
            Assert.Equal((files[i], expected.Runpath), (files[i], elf.Runpath));
            Assert.Equal((files[i], expected.BuildId), (files[i], elf.BuildId));
            Assert.Equal((files[i], expected.MinimumKernel), (files[i], elf.MinimumKernel));
            Assert.Equal(expected.Needed, elf.Needed);
            Assert.Equal(expected.VersionsNeeded, elf.VersionsNeeded);
            Assert.Equal(expected.VersionsDefined, elf.VersionsDefined);
        }
    }

    [Fact]
    public void A_program_and_its_c_library_are_what_they_are()
    {
        var elf = ElfFile.Read("/bin/sh");

        Assert.Equal(64, elf.Bits);
        Assert.True(elf.LittleEndian);
        Assert.False(elf.IsStatic);
        Assert.NotEmpty(elf.Needed);
        Assert.NotNull(elf.Interpreter);
    }

    [Theory]
    [InlineData("/usr/bin/qemu-x86_64-static")]
    [InlineData("/usr/bin/busybox")]
    public void A_static_program_is_told_from_a_dynamic_one(string path)
    {
        Assert.SkipUnless(File.Exists(path), $"'{path}' is not installed");

        Assert.True(ElfFile.Read(path).IsStatic);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u007fELF")]
    [InlineData("#!/bin/sh\nexit 0\n")]
    public void What_is_no_elf_file_is_refused(string content) =>
        Assert.Throws<ElfFormatException>(() => ElfFile.Read(System.Text.Encoding.Latin1.GetBytes(content)));

    [Fact]
    public void A_file_cut_short_anywhere_is_read_or_refused()
    {
        byte[] whole = File.ReadAllBytes("/bin/sh");

        for (int length = 0; length < whole.Length; length += 1 + (length / 50))
        {
            ReadOrRefuse(whole.AsMemory(0, length));
        }
    }

    [Fact]
    public void Random_changes_are_read_or_refused()
    {
        byte[] whole = File.ReadAllBytes("/bin/sh");
        var change = Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte);

        // Half of the changes fall on the headers and tables at the beginning, where they do most harm.
        var early = Gen.Select(Gen.Int[0, Math.Min(8192, whole.Length - 1)], Gen.Byte);
        Gen.OneOf(change, early).Array[1, 20].Sample(changes =>
        {
            byte[] changed = [.. whole];
            foreach (var (at, value) in changes)
            {
                changed[at] = value;
            }

            ReadOrRefuse(changed);
        }, iter: 2000);
    }

    [Fact]
    public void Random_bytes_behind_a_good_magic_number_are_read_or_refused() =>
        Gen.Byte.Array[0, 400].Sample(tail =>
        {
            ReadOrRefuse((byte[])[.. "\u007fELF"u8, 2, 1, 1, .. tail]);
            ReadOrRefuse((byte[])[.. "\u007fELF"u8, 1, 2, 1, .. tail]);
        }, iter: 2000);

    private static void ReadOrRefuse(ReadOnlyMemory<byte> content)
    {
        try
        {
            _ = ElfFile.Read(content);
        }
        catch (ElfFormatException)
        {
            // Refused: any other exception fails the test.
        }
    }

    private static IEnumerable<string> ElfFilesOf(string folder) => !Directory.Exists(folder)
        ? []
        : new DirectoryInfo(folder).EnumerateFiles().Where(f => f.LinkTarget is null && f.Length > 64).Select(f => f.FullName)
            .Where(IsProgramOrLibrary);

    /// <summary>An object file has no program headers, and no loader reads it.</summary>
    private static bool IsProgramOrLibrary(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[18];
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && ElfFile.IsElf(start) && start[16] is (byte)ElfType.Executable or (byte)ElfType.Shared;
    }
}
