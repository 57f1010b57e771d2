using Provenance.Archive.Content;
using Xunit;

namespace Provenance.Archive.Tests.Content;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_new_content_replaces_the_old_and_the_folder_is_synced_afterwards()
    {
        string path = Path.Combine(_folder.Path, "name");
        File.WriteAllText(path, "old and longer");
        string? contentWhenSynced = null;

        AtomicFile.Write(path, "new"u8, _ => contentWhenSynced = File.ReadAllText(path));

        Assert.Equal("new", contentWhenSynced);
        Assert.Equal([path], Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_private_file_is_private_from_its_first_byte()
    {
        string path = Path.Combine(_folder.Path, "key");

        AtomicFile.Write(path, "secret"u8, _ => { }, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file_and_nothing_else()
    {
        string path = Path.Combine(_folder.Path, "name");
        Directory.CreateDirectory(path);

        Assert.ThrowsAny<IOException>(() => AtomicFile.Write(path, "new"u8, _ => { }));
        Assert.Equal([path], Directory.EnumerateFileSystemEntries(_folder.Path));
    }
}
