using Provenance.Archive.Content;
using Provenance.Archive.Tests;
using Provenance.Web.Reading;
using Xunit;

namespace Provenance.Web.Tests;

public sealed class ArchiveStampTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_archive_that_rests_has_one_stamp_and_any_change_gives_another()
    {
        var layout = new StoreLayout(_folder.Path);
        using var file = File.Create(layout.ServiceDatabase);
        File.SetLastWriteTimeUtc(layout.ServiceDatabase, DateTime.UtcNow.AddHours(-1));
        var before = ArchiveStamp.Read(layout);

        Assert.Equal(before, ArchiveStamp.Read(layout));
        File.SetLastWriteTimeUtc(layout.ServiceDatabase, DateTime.UtcNow.AddMinutes(-50));
        Assert.NotEqual(before, ArchiveStamp.Read(layout));
    }

    /// <summary>A second change within one tick of the kernel's clock leaves the time as it is.</summary>
    [Fact]
    public void What_was_read_within_a_tick_of_a_change_is_read_again()
    {
        var layout = new StoreLayout(_folder.Path);
        using var file = File.Create(layout.ServiceDatabase);
        (ArchiveStamp, ArchiveStamp) stamps;
        long began;
        do
        {
            began = TimeProvider.System.GetTimestamp();
            File.SetLastWriteTimeUtc(layout.ServiceDatabase, DateTime.UtcNow);
            stamps = (ArchiveStamp.Read(layout), ArchiveStamp.Read(layout));
        }
        while (TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromMilliseconds(15));

        Assert.NotEqual(stamps.Item1, stamps.Item2);
        // A clock that is ahead, as another machine's may be, is no reason to read for ever.
        File.SetLastWriteTimeUtc(layout.ServiceDatabase, DateTime.UtcNow.AddSeconds(5));
        Assert.Equal(ArchiveStamp.Read(layout), ArchiveStamp.Read(layout));
    }
}
