using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Provenance.Runtime.Native;
using Xunit;

namespace Provenance.Runtime.Tests.Native;

/// <summary>The constants and structures of <see cref="Files"/>, checked by the C compiler of each architecture.</summary>
public sealed class FilesHeaderTests
{
    private const string Headers = """
        #define _GNU_SOURCE
        #include <stddef.h>
        #include <dirent.h>
        #include <fcntl.h>
        #include <stdio.h>
        #include <time.h>
        #include <unistd.h>
        #include <sys/file.h>
        #include <sys/stat.h>
        #include <sys/statvfs.h>
        #include <sys/syscall.h>
        #include <linux/fs.h>
        #include <linux/openat2.h>

        """;

    private static readonly (string Expression, long Value)[] Everywhere =
    [
        ("O_RDONLY", Files.O_RDONLY), ("O_WRONLY", Files.O_WRONLY), ("O_RDWR", Files.O_RDWR), ("O_CREAT", Files.O_CREAT),
        ("O_EXCL", Files.O_EXCL), ("O_NONBLOCK", Files.O_NONBLOCK), ("O_CLOEXEC", Files.O_CLOEXEC), ("O_PATH", Files.O_PATH),
        ("AT_FDCWD", Files.AT_FDCWD), ("AT_SYMLINK_NOFOLLOW", Files.AT_SYMLINK_NOFOLLOW), ("AT_REMOVEDIR", Files.AT_REMOVEDIR),
        ("AT_EACCESS", Files.AT_EACCESS), ("AT_EMPTY_PATH", Files.AT_EMPTY_PATH),
        ("R_OK", Files.R_OK), ("W_OK", Files.W_OK), ("X_OK", Files.X_OK),
        ("RESOLVE_NO_MAGICLINKS", (long)Files.RESOLVE_NO_MAGICLINKS), ("RESOLVE_NO_SYMLINKS", (long)Files.RESOLVE_NO_SYMLINKS),
        ("RESOLVE_BENEATH", (long)Files.RESOLVE_BENEATH), ("RESOLVE_IN_ROOT", (long)Files.RESOLVE_IN_ROOT),
        ("S_IFMT", Files.S_IFMT), ("S_IFSOCK", Files.S_IFSOCK), ("S_IFLNK", Files.S_IFLNK), ("S_IFREG", Files.S_IFREG),
        ("S_IFBLK", Files.S_IFBLK), ("S_IFDIR", Files.S_IFDIR), ("S_IFCHR", Files.S_IFCHR), ("S_IFIFO", Files.S_IFIFO),
        ("STATX_BASIC_STATS", Files.STATX_BASIC_STATS), ("STATX_ATTR_MOUNT_ROOT", (long)Files.STATX_ATTR_MOUNT_ROOT),
        ("RENAME_NOREPLACE", Files.RENAME_NOREPLACE), ("RENAME_EXCHANGE", Files.RENAME_EXCHANGE), ("FICLONE", (long)Files.FICLONE),
        ("LOCK_SH", Files.LOCK_SH), ("LOCK_EX", Files.LOCK_EX), ("LOCK_NB", Files.LOCK_NB), ("LOCK_UN", Files.LOCK_UN),
        ("DT_UNKNOWN", Files.DT_UNKNOWN), ("DT_DIR", Files.DT_DIR),
        ("SYS_openat2", Files.SYS_openat2), ("UTIME_OMIT", Files.timespec.UTIME_OMIT),
        ("sizeof(struct open_how)", Marshal.SizeOf<Files.open_how>()),
        ("offsetof(struct open_how, resolve)", At<Files.open_how>("resolve")),
        ("sizeof(struct timespec)", Marshal.SizeOf<Files.timespec>()),
        ("offsetof(struct timespec, tv_nsec)", At<Files.timespec>("tv_nsec")),
        ("sizeof(struct statx_timestamp)", Marshal.SizeOf<Files.statx_timestamp>()),
        ("sizeof(struct statx)", Marshal.SizeOf<Files.statx_buffer>()),
        .. Members<Files.statx_buffer>("statx"),
        ("sizeof(struct statvfs)", Marshal.SizeOf<Files.statvfs_buffer>()),
        .. Members<Files.statvfs_buffer>("statvfs"),
    ];

    public static TheoryData<string, int, int, long> Compilers => new()
    {
        { "x86_64-linux-gnu-gcc", Files.X64.O_DIRECTORY, Files.X64.O_NOFOLLOW, Files.X64.SYS_getdents64 },
        { "aarch64-linux-gnu-gcc", Files.Arm64.O_DIRECTORY, Files.Arm64.O_NOFOLLOW, Files.Arm64.SYS_getdents64 },
    };

    [Theory]
    [MemberData(nameof(Compilers))]
    public void Constants_and_structures_are_those_of_the_headers(string compiler, int directory, int noFollow, long getdents)
    {
        Assert.SkipUnless(File.Exists($"/usr/bin/{compiler}"), $"{compiler} is not installed");
        (string, long)[] here = [("O_DIRECTORY", directory), ("O_NOFOLLOW", noFollow), ("SYS_getdents64", getdents)];

        Assert.Equal("", Compile(compiler, [.. Everywhere, .. here]));
    }

    [Fact]
    public void The_compiler_does_find_a_wrong_value()
    {
        const string Compiler = "x86_64-linux-gnu-gcc";
        Assert.SkipUnless(File.Exists($"/usr/bin/{Compiler}"), $"{Compiler} is not installed");

        Assert.Contains("static assertion failed", Compile(Compiler, [("O_CREAT", 1)]), StringComparison.Ordinal);
    }

    private static string Compile(string compiler, (string Expression, long Value)[] rows)
    {
        var start = new ProcessStartInfo(compiler, ["-fsyntax-only", "-x", "c", "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Write(Headers);
        foreach (var (expression, value) in rows)
            process.StandardInput.WriteLine($"_Static_assert((long)({expression}) == {value.ToString(CultureInfo.InvariantCulture)}L, \"{expression}\");");
        process.StandardInput.Close();
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return errors;
    }

    private static IEnumerable<(string, long)> Members<T>(string structure) =>
        from field in typeof(T).GetFields()
        where !field.Name.StartsWith("__", StringComparison.Ordinal)
        select ($"offsetof(struct {structure}, {field.Name})", At<T>(field.Name));

    private static long At<T>(string field) => Marshal.OffsetOf<T>(field);
}
