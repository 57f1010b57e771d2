using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Native;
using Provenance.Runtime.Recording;
using Provenance.Runtime.Recording.Calls;
using Xunit;

namespace Provenance.Runtime.Tests.Recording;

public sealed class FileHasherTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The first page of a process' memory is a regular file's that opens, and ends in EIO when it is read.</summary>
    [Fact]
    public void A_file_on_a_bad_disk_has_no_digest_and_a_reason()
    {
        var mount = new Mount { Kind = "bind", Source = "/proc/self", Destination = "/p", ReadOnly = true, Purpose = "bind", IsFile = false };
        using var mounts = MountSet.Open([mount]);
        using var hasher = new FileHasher(new BlobStore(new StoreLayout(_folder.Path), Files.SyncFolder), new KeepBudget(1));
        Assert.Equal(Errno.None, mounts.All[0].TryOpen("/p/mem", out var file));
        FileIdentity identity;
        using (file)
            identity = FileIdentity.Of(Files.Status(file));

        var hashed = hasher.Hash(mounts.All[0], "/p/mem", identity, keep: false);

        Assert.Equal((null, "could not be read (EIO)"), (hashed.Digest, hashed.NotHashed));
    }
}
