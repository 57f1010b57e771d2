using System.Formats.Tar;
using Provenance.Runtime.Capturing;
using Provenance.Runtime.Tests.Recording;
using Xunit;

namespace Provenance.Runtime.Tests.Capturing;

/// <summary>Files of this very host, packed.</summary>
public sealed class CapturedFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HostPaths _host = new();

    public CapturedFilesTests()
    {
        _folder.Write("env/pyvenv.cfg", "home = /usr/bin");
        _folder.Write("env/lib/mod.py", "x = 1");
        _folder.Write("env/lib/__pycache__/mod.cpython-311.pyc", "compiled");
        File.CreateSymbolicLink(_folder.At("env/lib64"), "lib");
        File.CreateSymbolicLink(_folder.At("env/first"), _folder.At("env/second"));
        File.CreateSymbolicLink(_folder.At("env/second"), "lib64/mod.py");
        File.CreateSymbolicLink(_folder.At("env/circle"), "circle");
        File.CreateSymbolicLink(_folder.At("env/nowhere"), "gone");
    }

    private string Below => _folder.Path[1..];

    public void Dispose()
    {
        _host.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Every_link_of_every_chain_is_packed()
    {
        var names = Names(Pack("env/first"));
        Assert.Contains($"{Below}/env/first", names);
        Assert.Contains($"{Below}/env/second", names);
        Assert.Contains($"{Below}/env/lib64", names);
        Assert.Contains($"{Below}/env/lib/mod.py", names);
    }

    [Fact]
    public void The_shell_of_this_host_comes_with_its_links()
    {
        var files = New();
        files.Follow("/bin/sh");
        var names = Names(files);
        Assert.All(_host.Trace("/bin/sh"), step => Assert.Contains(step.Path[1..], names));
        Assert.Contains("etc/", names);
        Assert.Equal("./", names[0]);
    }

    [Fact]
    public void A_compiled_module_brings_its_source_and_nothing_else()
    {
        var names = Names(Pack("env/lib/__pycache__/mod.cpython-311.pyc")).Where(name => !name.EndsWith('/'));
        Assert.Equal([$"{Below}/env/lib/__pycache__/mod.cpython-311.pyc", $"{Below}/env/lib/mod.py"], names);
    }

    [Theory]
    [InlineData("env/circle")]
    [InlineData("env/nowhere")]
    [InlineData("env/gone/file")]
    [InlineData("env/lib/mod.py/below")]
    public void What_leads_nowhere_ends_there(string name) => Assert.Equal("./", Names(Pack(name))[0]);

    [Fact]
    public void The_same_files_are_the_same_bytes_whatever_their_owners_and_folders_say()
    {
        byte[] first = Bytes(Pack("env/first", "env/lib"));
        File.WriteAllText(_folder.At("env/lib/other"), "does not count");
        _host.Forget(_folder.At("env"));
        Assert.Equal(first, Bytes(Pack("env/lib", "env/first")));
        File.SetLastWriteTimeUtc(_folder.At("env/lib/mod.py"), DateTime.UnixEpoch);
        using var again = new HostPaths();
        Assert.NotEqual(first, Bytes(Pack(again, "env/first", "env/lib")));
    }

    [Fact]
    public void Access_that_somebody_has_everybody_has()
    {
        File.SetUnixFileMode(_folder.At("env/lib/mod.py"), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.SetUser);
        File.SetUnixFileMode(_folder.At("env/lib"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var entries = Entries(Pack("env/lib/mod.py")).ToDictionary(entry => entry.Name.TrimEnd('/'));
        Assert.Equal("0555", Octal(entries[$"{Below}/env/lib/mod.py"].Mode));
        Assert.Equal("0755", Octal(entries[$"{Below}/env/lib"].Mode));
        Assert.All(entries.Values, entry => Assert.Equal((0, 0, ""), (entry.Uid, entry.Gid, entry is PosixTarEntry posix ? posix.UserName : "")));
    }

    [Fact]
    public void What_the_job_or_another_changed_is_told()
    {
        string path = _folder.At("env/lib/mod.py");
        var before = _host.Look(path)!.Value.Status;
        var files = New();
        files.Add(new UsedPath { Path = path, Before = before with { Inode = before.Inode + 1 } });
        files.Add(new UsedPath { Path = _folder.At("env/lib/away.py"), Before = before });
        files.Add(new UsedPath { Path = _folder.At("env/lib/__pycache__/mod.cpython-311.pyc"), Before = before, IsWritten = true });
        Assert.Equal(
            [
                $"'{_folder.At("env/lib/__pycache__/mod.cpython-311.pyc")}' was changed by the job: the image has it as it is now",
                $"'{_folder.At("env/lib/away.py")}' was gone when the job had ended",
                $"'{path}' changed while the job ran: the image has it as it is now",
            ],
            files.Notes);
    }

    [Fact]
    public void Secrets_are_named_and_not_packed()
    {
        var files = New();
        files.Follow("/etc/shadow");
        files.Follow("/etc/passwd");
        files.Follow("/proc/self/maps");
        Assert.Equal(["/etc/shadow"], files.Private);
        Assert.Equal(["./", "etc/"], Names(files));
    }

    [Fact]
    public void A_file_that_is_dropped_is_not_there()
    {
        var files = Pack("env/lib/mod.py");
        files.Drop(_folder.At("env/lib/mod.py"), "is gone");
        Assert.DoesNotContain($"{Below}/env/lib/mod.py", Names(files));
        Assert.Equal([$"'{_folder.At("env/lib/mod.py")}' is gone"], files.Notes);
    }

    private CapturedFiles New() => new(_host, new CaptureClassifier([], new HashSet<string>(), Path.Exists));

    private CapturedFiles Pack(params string[] names) => Pack(_host, names);

    private CapturedFiles Pack(HostPaths host, params string[] names)
    {
        var files = new CapturedFiles(host, new CaptureClassifier([], new HashSet<string>(), Path.Exists));
        foreach (string name in names)
            files.Follow(_folder.At(name));
        return files;
    }

    private static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, 8).PadLeft(4, '0');

    private static byte[] Bytes(CapturedFiles files)
    {
        using var tar = files.Pack();
        using var bytes = new MemoryStream();
        tar.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static List<string> Names(CapturedFiles files) => [.. Entries(files).Select(entry => entry.Name)];

    private static List<TarEntry> Entries(CapturedFiles files)
    {
        using var reader = new TarReader(new MemoryStream(Bytes(files)));
        var entries = new List<TarEntry>();
        while (reader.GetNextEntry(copyData: true) is { } entry)
            entries.Add(entry);
        return entries;
    }
}
