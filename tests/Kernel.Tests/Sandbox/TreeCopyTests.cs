using Provenance.Runtime.Sandbox;
using Xunit;

namespace Provenance.Kernel.Tests.Sandbox;

/// <summary>The copy of an image that a job may change where there is no overlay.</summary>
public sealed class TreeCopyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("prov-copy-").FullName;

    private string Source => Path.Combine(_folder, "source");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_its_owner_may_not_read_is_copied_and_left_as_it_was()
    {
        string closed = Path.Combine(Source, "closed");
        Directory.CreateDirectory(closed);
        BusyboxRoot.Write(Path.Combine(closed, "inner"), "inner");
        string shadow = Path.Combine(Source, "shadow");
        BusyboxRoot.Write(shadow, "secret");
        File.SetUnixFileMode(shadow, UnixFileMode.None);
        File.SetUnixFileMode(closed, UnixFileMode.None);
        try
        {
            using var copy = TreeCopy.Make(Source, _folder);
            string copied = Path.Combine(copy.Root, "shadow");
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(copied));
            File.SetUnixFileMode(copied, UnixFileMode.UserRead);
            Assert.Equal("secret", File.ReadAllText(copied));
            Assert.Equal("inner", File.ReadAllText(Path.Combine(copy.Root, "closed/inner")));
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(shadow));
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(closed));
        }
        finally
        {
            File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void What_stands_in_the_place_of_a_copy_is_neither_taken_nor_removed()
    {
        Directory.CreateDirectory(Source);
        string[] names = ["", "-1"];
        string[] taken = [.. names.Select(number => Path.Combine(_folder, $"root-{Environment.ProcessId}{number}"))];
        foreach (string folder in taken)
            BusyboxRoot.Write(Path.Combine(Directory.CreateDirectory(folder).FullName, "mine"), "mine");
        string root;
        using (var copy = TreeCopy.Make(Source, _folder))
        {
            root = copy.Root;
            Assert.DoesNotContain(root, taken);
        }

        Assert.False(Directory.Exists(root));
        Assert.All(taken, folder => Assert.Equal("mine", File.ReadAllText(Path.Combine(folder, "mine"))));
    }
}
