using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;
using System.Net.Sockets;
using Provenance.Runtime.Native;
using Provenance.Runtime.Rootfs;
using Xunit;

namespace Provenance.Kernel.Tests.Rootfs;

/// <summary>A folder packed: the same bytes every time, and what tar makes of them is the folder.</summary>
public sealed class FolderPackerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("prov-pack-").FullName;
    private readonly string _source;

    public FolderPackerTests() => _source = Directory.CreateDirectory(Path.Combine(_folder, "source")).FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Two_packings_are_the_same_bytes_and_another_folder_is_not()
    {
        MakeFiles();

        Assert.Equal(Pack(), Pack());
        byte[] before = Pack();
        File.AppendAllText(Path.Combine(_source, "a-b/file"), "!");
        Assert.NotEqual(before, Pack());
    }

    [Fact]
    public void Entries_are_sorted_by_the_bytes_of_the_names_on_the_way()
    {
        MakeFiles();

        var names = Entries().Select(entry => entry.Name).ToList();
        Assert.Equal("./", names[0]);
        var paths = names.Skip(1).Select(name => System.Text.Encoding.UTF8.GetBytes(name.TrimEnd('/').Replace('/', '\0'))).ToList();
        Assert.Equal(paths.OrderBy(Convert.ToHexString, StringComparer.Ordinal), paths);
    }

    [Fact]
    public void Tar_unpacks_the_folder_again()
    {
        MakeFiles();
        string tar = Path.Combine(_folder, "packed.tar");
        using (var file = File.Create(tar))
            file.Write(Pack());
        string unpacked = Directory.CreateDirectory(Path.Combine(_folder, "unpacked")).FullName;

        Run("tar", "-xpf", tar, "-C", unpacked);
        Assert.Equal(Listing(_source), Listing(unpacked));
    }

    [Fact]
    public void Hard_links_are_packed_once()
    {
        File.AppendAllText(Path.Combine(_source, "b"), "content");
        Run("ln", Path.Combine(_source, "b"), Path.Combine(_source, "a"));

        var entries = Entries();
        Assert.Equal([TarEntryType.Directory, TarEntryType.RegularFile, TarEntryType.HardLink], entries.Select(e => e.EntryType));
        Assert.Equal("a", entries[2].LinkName);
    }

    [Fact]
    public void A_socket_is_left_out_and_told()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(_source, "socket")));
        File.AppendAllText(Path.Combine(_source, "file"), "content");
        var skipped = new List<string>();

        using var stream = new FolderPacker(skipped.Add).Pack(_source);
        Assert.Equal(["'socket' is a socket"], skipped);
    }

    [Fact]
    public void Files_that_cannot_be_read_are_named_ten_of_them()
    {
        Assert.SkipWhen(Identity.EffectiveUid == 0, "root reads everything");
        for (int i = 0; i < 12; i++)
        {
            string file = Path.Combine(_source, i.ToString("D2", CultureInfo.InvariantCulture));
            File.AppendAllText(file, "content");
            File.SetUnixFileMode(file, UnixFileMode.None);
        }

        var e = Assert.Throws<Provenance.Runtime.RuntimeException>(() => new FolderPacker().Pack(_source));
        Assert.Equal(
            $"folder '{_source}': cannot read '00', '01', '02', '03', '04', '05', '06', '07', '08', '09' and 2 more", e.Message);
    }

    [Fact]
    public void A_file_that_changes_meanwhile_is_an_error()
    {
        string file = Path.Combine(_source, "file");
        File.AppendAllText(file, "content");
        using var stream = new FolderPacker().Pack(_source);
        File.AppendAllText(file, " and more");

        var e = Assert.Throws<FileChangedException>(() => stream.CopyTo(Stream.Null));
        Assert.Equal($"folder '{_source}': file 'file' changed while it was read", e.Message);
    }

    [Fact]
    public void What_ustar_cannot_say_is_in_an_extended_header()
    {
        string path = string.Join('/', Enumerable.Repeat("folder-of-a-long-name", 8));
        Directory.CreateDirectory(Path.Combine(_source, path));
        string file = Path.Combine(_source, path, "ümlaut");
        File.AppendAllText(file, "content");
        File.SetLastWriteTimeUtc(file, new DateTime(1969, 12, 31, 23, 59, 58, 500, DateTimeKind.Utc));

        var entry = Entries()[^1];
        Assert.Equal($"{path}/ümlaut", entry.Name);
        Assert.Equal("-1.5", Assert.IsType<PaxTarEntry>(entry).ExtendedAttributes["mtime"]);
    }

    [Fact]
    public void Attributes_of_the_file_are_packed()
    {
        string file = Path.Combine(_source, "file");
        File.AppendAllText(file, "content");
        using (var folder = Files.OpenFolder(_source))
        using (var handle = Files.Open(folder, "file", Files.O_RDWR))
            Assert.SkipWhen(Files.TrySetXattr(handle, "user.note", "a note"u8) != Errno.None, "no user attributes here");

        Assert.Equal("a note", Assert.IsType<PaxTarEntry>(Entries()[^1]).ExtendedAttributes["SCHILY.xattr.user.note"]);
    }

    private void MakeFiles()
    {
        Directory.CreateDirectory(Path.Combine(_source, "a/empty"));
        Directory.CreateDirectory(Path.Combine(_source, "a-b"));
        File.AppendAllText(Path.Combine(_source, "a/file"), "content");
        File.AppendAllText(Path.Combine(_source, "a-b/file"), new string('x', 1000));
        File.AppendAllText(Path.Combine(_source, "\uFFFD"), "");
        File.AppendAllText(Path.Combine(_source, "\U0001F600"), "");
        File.CreateSymbolicLink(Path.Combine(_source, "link"), "/absolute/" + new string('y', 120));
        File.SetUnixFileMode(Path.Combine(_source, "a/file"), (UnixFileMode)0b101_000_000);
        Run("mkfifo", Path.Combine(_source, "pipe"));
    }

    private byte[] Pack()
    {
        using var stream = new FolderPacker().Pack(_source);
        var copy = new MemoryStream();
        stream.CopyTo(copy);
        Assert.Equal(0, copy.Length % 512);
        return copy.ToArray();
    }

    private List<TarEntry> Entries()
    {
        using var reader = new TarReader(new MemoryStream(Pack()));
        var entries = new List<TarEntry>();
        while (reader.GetNextEntry(copyData: true) is { } entry)
            entries.Add(entry);
        return entries;
    }

    private static string Listing(string folder) =>
        Run("find", folder, "-mindepth", "1", "-printf", "%P %y %m %s %l %T@ %n\\n")
            .Split('\n').Order(StringComparer.Ordinal).Aggregate((a, b) => $"{a}\n{b}");

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
