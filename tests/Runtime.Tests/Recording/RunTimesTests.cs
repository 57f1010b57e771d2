using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Provenance.Runtime.Recording;
using Xunit;

namespace Provenance.Runtime.Tests.Recording;

/// <summary>The time at which a job ran is found in what it wrote, and no other time is.</summary>
public sealed class RunTimesTests
{
    private static readonly DateTimeOffset Start = new(2026, 12, 1, 3, 4, 5, TimeSpan.Zero);
    private static readonly DateTimeOffset End = Start.AddSeconds(20);

    private readonly RunTimes _times = new(Start, End, "America/New_York");

    [Theory]
    [InlineData("made 2026-12-01T03:04:05Z", "'2026-12-01T03:04:05Z' at byte 5")]
    [InlineData("made 2026-12-01 03:04:05.123456", "'2026-12-01 03:04:05.123456' at byte 5")]
    [InlineData("made 2026-12-01 04:04:15+01:00", "'2026-12-01 04:04:15+01:00' at byte 5")]
    [InlineData("run-20261201-030410.log", "'20261201-030410' at byte 4")]
    [InlineData("2026-12-01 03:04", "'2026-12-01 03:04' at byte 0")]
    [InlineData("/CreationDate (D:20261201030407+00'00')", "'20261201030407+00'00' at byte 17")]
    [InlineData("Tue Dec  1 03:04:06 UTC 2026\n", "'Dec  1 03:04:06 UTC 2026' at byte 4")]
    [InlineData("Mon Nov 30 22:04:06 2026", "'Nov 30 22:04:06 2026' at byte 4")]  // New York
    [InlineData("Tue Dec  1 03:04:06 AM UTC 2026\n", "'Dec  1 03:04:06 AM UTC 2026' at byte 4")]
    [InlineData("Date: Tue, 1 Dec 2026 03:04:06 +0000", "'1 Dec 2026 03:04:06 +0000' at byte 11")]
    [InlineData("on December 1, 2026 at 3:04 AM by", "'December 1, 2026 at 3:04 AM' at byte 3")]
    [InlineData("01.12.2026 03:04:06", "'01.12.2026 03:04:06' at byte 0")]
    [InlineData("12/01/2026 03:04:06", "'12/01/2026 03:04:06' at byte 0")]
    [InlineData("t=1796094246", "'1796094246' at byte 2")]
    [InlineData("{\"t\": 1796094246123}", "'1796094246123' at byte 6")]
    [InlineData("1796094246.5 1", "'1796094246' at byte 0")]
    [InlineData("1796094246000000001", "'1796094246000000001' at byte 0")]
    [InlineData("in 2026 nothing, then 2026-12-01 03:04:05", "'2026-12-01 03:04:05' at byte 22")]
    public void The_time_of_the_run_is_found_as_programs_write_it(string text, string expected) =>
        Assert.Equal(expected, _times.Find(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("2026-12-01")]                       // a date alone is in many data
    [InlineData("03:04:05")]
    [InlineData("2026-12-01T03:04:27Z")]             // after it
    [InlineData("2026-12-01T03:04:03Z")]             // before it
    [InlineData("2026-12-01T03:04:05+05:30")]        // another zone, said so
    [InlineData("2025-12-01 03:04:05")]
    [InlineData("1796094290")]
    [InlineData("91796094246")]
    [InlineData("x1796094246")]
    [InlineData("17960942461")]
    [InlineData("0.1796094246")]
    [InlineData("2026-13-41 03:04:05 and 2026-02-30 03:04:05")]
    [InlineData("")]
    public void Any_other_is_not(string text) => Assert.Null(_times.Find(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Places_count_from_the_beginning_of_the_content() =>
        Assert.Equal("'2026-12-01 03:04:05' at byte 1002", _times.Find("x 2026-12-01 03:04:05"u8, at: 1000));

    [Fact]
    public void Containers_tell_it_in_their_headers()
    {
        byte[] gzip = [0x1f, 0x8b, 8, 0, .. BitConverter.GetBytes((uint)End.ToUnixTimeSeconds()), 0, 3];
        Assert.Equal("time in the gzip header", _times.Find(gzip));
        BitConverter.TryWriteBytes(gzip.AsSpan(4), 0u);
        Assert.Null(_times.Find(gzip));

        Assert.Equal("time of the zip member 'new.txt'", _times.Find(Zip(("old.txt", Start.AddDays(-1)), ("new.txt", Start.AddSeconds(3)))));
        Assert.Null(_times.Find(Zip(("old.txt", Start.AddDays(-1)))));

        Assert.Equal("time of the tar member 'new.txt'", _times.Find(Tar(("old.txt", Start.AddDays(-1)), ("new.txt", Start.AddSeconds(3)))));
        Assert.Null(_times.Find(Tar(("old.txt", Start.AddDays(-1)))));
    }

    [Fact]
    public void Data_full_of_years_is_given_up_and_no_second_is_lost()
    {
        byte[] years = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("2026-01-01 00:00:00,", 13_000)));
        for (int content = 0; content < 4; content++)
            Assert.Null(_times.Find(years));
        // So many places were looked at that no more are.
        Assert.Null(_times.Find("2026-12-01 03:04:05"u8));
    }

    private static byte[] Zip(params (string Name, DateTimeOffset Time)[] members)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, time) in members)
            {
                var entry = zip.CreateEntry(name);
                entry.LastWriteTime = time;
                using var content = entry.Open();
                content.Write("some content"u8);
            }
        }

        return stream.ToArray();
    }

    private static byte[] Tar(params (string Name, DateTimeOffset Time)[] members)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, leaveOpen: true))
        {
            foreach (var (name, time) in members)
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { ModificationTime = time, DataStream = new MemoryStream(new byte[700]) });
        }

        return stream.ToArray();
    }
}
