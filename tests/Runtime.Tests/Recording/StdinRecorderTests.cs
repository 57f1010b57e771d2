using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Native;
using Provenance.Runtime.Recording;
using Xunit;

namespace Provenance.Runtime.Tests.Recording;

/// <summary>What cannot be read or kept of a job's standard input costs that, and not the record.</summary>
public sealed class StdinRecorderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_that_cannot_be_read_has_a_size_and_no_digest()
    {
        using var file = File.OpenHandle(_folder.Write("in", "12345"), FileMode.Open, FileAccess.Write);

        var stdin = Read(file);

        Assert.Equal((5L, null, null), (stdin.Size, stdin.Digest, stdin.Kept));
    }

    [Fact]
    public void One_for_which_the_archive_has_no_room_has_a_digest_and_is_not_kept()
    {
        using var file = File.OpenHandle(_folder.Write("in", "12345"));

        var stdin = Read(file, full: true);

        Assert.Equal(ContentHash.Of("12345"u8), stdin.Digest);
        Assert.Null(stdin.Kept);
    }

    private StandardInput Read(SafeFileHandle file, bool full = false)
    {
        FolderSync sync = full ? _ => throw new IOException("no space left", (int)Errno.ENOSPC) : Files.SyncFolder;
        var blobs = new BlobStore(new StoreLayout(_folder.At("archive")), sync);
        var options = new RecordingOptions { Keep = KeepMode.All };
        return StdinRecorder.Read(new StandardInput { Kind = "file", Offset = 0 }, file, blobs, options, CancellationToken.None);
    }
}
