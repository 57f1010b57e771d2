using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using Provenance.Runtime.Native;
using Xunit;

namespace Provenance.Kernel.Tests.Rootfs;

/// <summary>Paths below a folder: openat2 of the kernel, and the walk by hand that stands in for it, agree.</summary>
public sealed class FilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("prov-files-").FullName;
    private readonly SafeFileHandle _root;

    public FilesTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "root/a/b"));
        File.AppendAllText(Path.Combine(_folder, "secret"), "outside");
        File.AppendAllText(Path.Combine(_folder, "root/secret"), "inside");
        File.AppendAllText(Path.Combine(_folder, "root/a/file"), "file");
        Link("up", "../secret");
        Link("absolute", "/secret");
        Link("a/b/climb", "../../../../../secret");
        Link("folder", "/a/b");
        Link("chain", "folder/climb");
        Link("loop", "loop");
        Link("dangling", "nowhere");
        Link("cycle1", "cycle2/x");
        Link("cycle2", "cycle1/x");
        _root = Files.OpenFolder(Path.Combine(_folder, "root"));
    }

    public void Dispose()
    {
        _root.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    public static TheoryData<string, string?, Errno> InRoot => new()
    {
        { "secret", "inside", Errno.None },
        { "/secret", "inside", Errno.None },
        { "../../secret", "inside", Errno.None },
        { "a/../../secret", "inside", Errno.None },
        { "up", "inside", Errno.None },
        { "absolute", "inside", Errno.None },
        { "a/b/climb", "inside", Errno.None },
        { "folder/climb", "inside", Errno.None },
        { "chain", "inside", Errno.None },
        { "folder/../file", "file", Errno.None },
        { "loop", null, Errno.ELOOP },
        { "cycle1", null, Errno.ELOOP },
        { "dangling", null, Errno.ENOENT },
        { "secret/below", null, Errno.ENOTDIR },
        { "", null, Errno.ENOENT },
    };

    [Theory]
    [MemberData(nameof(InRoot))]
    public void A_path_stays_in_the_root(string path, string? content, Errno expected)
    {
        Assert.Equal((expected, content), ReadInRoot(path));
        using (Files.WithoutOpenat2())
            Assert.Equal((expected, content), ReadInRoot(path));
    }

    public static TheoryData<string, Errno> Beneath => new()
    {
        { "a/file", Errno.None },
        { "a", Errno.None },
        { "", Errno.None },
        { "up", Errno.ELOOP },
        { "dangling", Errno.ELOOP },
        { "../secret", Errno.EXDEV },
        { "/a/file", Errno.EXDEV },
        { "nowhere", Errno.ENOENT },
    };

    [Theory]
    [MemberData(nameof(Beneath))]
    public void A_path_beneath_holds_no_link(string path, Errno expected)
    {
        Assert.Equal(expected, OpenBeneath(path, Files.O_RDONLY));
        using (Files.WithoutOpenat2())
            Assert.Equal(expected, OpenBeneath(path, Files.O_RDONLY));
    }

    [Fact]
    public void A_link_on_the_way_beneath_is_refused()
    {
        Assert.NotEqual(Errno.None, OpenBeneath("folder/climb", Files.O_PATH));
        using (Files.WithoutOpenat2())
            Assert.NotEqual(Errno.None, OpenBeneath("folder/climb", Files.O_PATH));
    }

    [Fact]
    public void A_file_is_made_in_the_root_and_not_where_a_link_points()
    {
        Link("new", "/../../made");
        using (Files.WithoutOpenat2())
            Files.OpenInRoot(_root, "new", Files.O_WRONLY | Files.O_CREAT, 0b110_100_100).Dispose();

        Assert.True(File.Exists(Path.Combine(_folder, "root/made")));
        Assert.False(File.Exists(Path.Combine(_folder, "made")));
    }

    [Fact]
    public void A_name_that_is_not_utf8_is_told()
    {
        string folder = Path.Combine(_folder, "names");
        Directory.CreateDirectory(folder);
        // Neither can .NET make or remove such a name.
        Shell("mkdir \"$1/$(printf '\\377')\"", folder);
        using var handle = Files.OpenFolder(folder);

        var e = Assert.Throws<InvalidDataException>(() => Files.List(handle, "names"));
        Shell("rm -r \"$1\"", folder);
        Assert.Equal("name 'ÿ' in 'names' is not UTF-8", e.Message);
    }

    [Fact]
    public void A_failed_call_names_the_call_the_subject_and_the_reason()
    {
        var e = Assert.Throws<SyscallException>(() => Files.MakeFolder(_root, "a", 0));

        Assert.Equal("mkdirat 'a': File exists (EEXIST)", e.Message);
    }

    [Fact]
    public void The_lock_of_a_file_is_held_once()
    {
        using var one = Files.Open(_root, "secret", Files.O_RDONLY);
        using var two = Files.Open(_root, "secret", Files.O_RDONLY);

        Assert.Equal(Errno.None, Files.TryLock(one, Files.LOCK_EX));
        Assert.Equal(Errno.EAGAIN, Files.TryLock(two, Files.LOCK_EX));
        one.Dispose();
        Assert.Equal(Errno.None, Files.TryLock(two, Files.LOCK_EX));
    }

    private static void Shell(string script, string argument)
    {
        using var shell = Process.Start("/bin/sh", ["-c", script, "sh", argument]);
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }

    private (Errno Error, string? Content) ReadInRoot(string path)
    {
        var error = Files.TryOpenInRoot(_root, path, Files.O_RDONLY, 0, out var handle);
        using (handle)
        {
            if (error != Errno.None)
                return (error, null);
            byte[] buffer = new byte[64];
            int length = Files.Read(handle, buffer, 0, path);
            return (error, System.Text.Encoding.ASCII.GetString(buffer, 0, length));
        }
    }

    private Errno OpenBeneath(string path, int flags)
    {
        var error = Files.TryOpenBeneath(_root, path, flags, out var handle);
        handle.Dispose();
        return error;
    }

    private void Link(string name, string target) =>
        File.CreateSymbolicLink(Path.Combine(_folder, "root", name), target);
}
