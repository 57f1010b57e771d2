using Provenance.Archive.Records;
using Provenance.Runtime.Capturing;
using Xunit;

namespace Provenance.Runtime.Tests.Capturing;

/// <summary>Which folders a replay lays out for a job that ran on the host, as a table.</summary>
public sealed class HostFoldersTests
{
    [Theory]
    [InlineData("/work/in.csv", "")]
    [InlineData("/data/a.csv", "/data ro")]
    [InlineData("/data/a.csv /data/sub/b.csv", "/data ro")]
    [InlineData("/data/x/a.csv /data/y/b.csv", "/data/x ro, /data/y ro")]
    [InlineData("/data/x/a.csv +/data/x/out.csv", "/data/x")]
    [InlineData("!/data/x/in-place.csv", "/data/x")]
    [InlineData("/tmp/a", "/tmp ro")]
    [InlineData("/home/ada/.rc", "/home/ada/.rc ro file")]
    [InlineData("/home/ada/venv/data.csv", "/home/ada/venv/data.csv ro file")]
    [InlineData("/home/ada/data/a.csv", "/home/ada/data ro")]
    [InlineData("/etc/tool.conf", "/etc/tool.conf ro file")]
    [InlineData("+/usr/local/made", "| /usr/local/made")]
    [InlineData("+/home/ada/made", "| /home/ada/made")]
    [InlineData("/top", "/top ro file")]
    public void Folders(string files, string expected)
    {
        var folders = new HostFolders([Mount("/work")], ["/home/ada/venv/bin/python", "/usr/bin/sh"]);
        var found = folders.Find(files.Split(' ').Select(file => (file.TrimStart('+', '!'), file[0] != '+', file[0] is '+' or '!')));
        string words = string.Join(", ", found.Select(mount => mount.Destination + (mount.ReadOnly ? " ro" : "") + (mount.IsFile ? " file" : "")));
        Assert.Equal(expected, words + (folders.Unplaced.Count > 0 ? $"| {string.Join(' ', folders.Unplaced)}" : ""));
        Assert.All(found, mount => Assert.Equal(("bind", mount.Destination, "host"), (mount.Kind, mount.Source, mount.Purpose)));
    }

    [Fact]
    public void Very_many_folders_are_taken_together()
    {
        var folders = new HostFolders([], []);
        var found = folders.Find(Enumerable.Range(0, 1000).Select(number => ($"/data/set/{number}/file", true, false)));
        Assert.Equal("/data/set", Assert.Single(found).Destination);
    }

    private static Mount Mount(string path) => new()
    {
        Kind = "bind",
        Source = path,
        Destination = path,
        ReadOnly = false,
        Purpose = "working-folder",
        IsFile = false,
    };
}
