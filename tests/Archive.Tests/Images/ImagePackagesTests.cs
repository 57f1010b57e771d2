using System.Text;
using Provenance.Archive.Images;
using Provenance.Archive.Images.Packages;
using Provenance.Archive.Records;
using Xunit;

namespace Provenance.Archive.Tests.Images;

/// <summary>What package managers leave in an image, and what is read out of it.</summary>
public sealed class ImagePackagesTests
{
    private const string Status =
        """
        Package: libc6
        Status: install ok installed
        Architecture: amd64
        Version: 2.36-9+deb12u4
        Description: GNU C Library
         Version: of nothing, this is the description

        Package: tzdata
        Status: install ok installed
        Architecture: all
        Version: 2024a-0

        Package: removed
        Status: deinstall ok config-files
        Architecture: amd64
        Version: 1.0

        Package: half
        Status: install ok half-installed
        Version: 1.0
        """;

    private const string Apk = "C:Q1abc=\nP:musl\nV:1.2.4-r2\nA:x86_64\nF:lib\nR:ld-musl.so\n\nP:tz\nV:1\nA:noarch\n";

    public static TheoryData<string, string, string> Files => new()
    {
        { "var/lib/dpkg/status", Status, "dpkg libc6:amd64 2.36-9+deb12u4, dpkg tzdata 2024a-0" },
        { "var/lib/dpkg/status.d/base", "Package: base\nVersion: 1\nArchitecture: all\n", "dpkg base 1" },
        { "var/lib/dpkg/status.d/base.md5sums", "abc  x\n", "" },
        { "var/lib/dpkg/status-old", Status, "" },
        { "lib/apk/db/installed", Apk, "apk musl:x86_64 1.2.4-r2, apk tz 1" },
        { "usr/lib/apk/db/installed", Apk, "apk musl:x86_64 1.2.4-r2, apk tz 1" },
        { "usr/lib/python3/dist-packages/numpy-1.24.2.dist-info/METADATA", "", "pip numpy 1.24.2" },
        { "usr/lib/python3/dist-packages/numpy-1.24.2.dist-info/RECORD", "", "" },
        { "usr/lib/python3/dist-packages/h5py-3.7.0.egg-info/PKG-INFO", "", "pip h5py 3.7.0" },
        { "usr/lib/python3/dist-packages/six-1.16.0-py3.11.egg-info", "", "pip six 1.16.0" },
        { "opt/conda/conda-meta/scikit-learn-1.4.0-py311h_1.json", "", "conda scikit-learn 1.4.0-py311h_1" },
        { "opt/conda/conda-meta/history", "", "" },
        { "usr/share/doc/status", "", "" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_names_the_packages(string path, string content, string expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        var entry = new TreeEntry { Path = path, Type = TreeEntryType.File, Mode = "0644", Size = bytes.Length };

        var packages = ImagePackages.Read([entry], _ => new MemoryStream(bytes));

        Assert.Equal(expected, string.Join(", ", packages.Select(package => $"{package.Manager} {package.Name} {package.Version}")));
    }

    [Fact]
    public void A_database_that_is_no_database_is_refused()
    {
        var huge = new TreeEntry { Path = "var/lib/dpkg/status", Type = TreeEntryType.File, Mode = "0644", Size = ImagePackages.MaxDatabaseBytes + 1 };
        Assert.Throws<ImageException>(() => ImagePackages.Read([huge], _ => throw new InvalidOperationException("must not be opened")));

        byte[] oneLine = [.. Enumerable.Repeat((byte)'a', 2 << 20)];
        Assert.Throws<ImageException>(() => ImagePackages.Read([huge with { Size = oneLine.Length }], _ => new MemoryStream(oneLine)));
    }

    [Fact]
    public void This_machines_own_database_is_read_as_dpkg_reads_it()
    {
        const string Path = "/var/lib/dpkg/status";
        Tool.Require("dpkg-query");
        string listed = Tool.Run("/", "dpkg-query", "-W", "-f", "${db:Status-Status} ${Package}:${Architecture} ${Version}\n").Output;
        var expected = listed.Split('\n').Where(line => line.StartsWith("installed ", StringComparison.Ordinal))
            .Select(line => line["installed ".Length..].Replace(":all ", " ", StringComparison.Ordinal));

        var entry = new TreeEntry { Path = Path[1..], Type = TreeEntryType.File, Mode = "0644", Size = new FileInfo(Path).Length };
        var packages = ImagePackages.Read([entry], _ => File.OpenRead(Path));

        Assert.Equal(expected.Order(StringComparer.Ordinal), packages.Select(p => $"{p.Name} {p.Version}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_captured_image_has_the_packages_that_own_its_files_and_those_that_names_tell_of()
    {
        OwningPackage[] owners =
        [
            new() { Name = "tzdata", Version = "2024a-0", Architecture = "all", Manager = "dpkg" },
            new() { Name = "libc6", Version = "2.36-9", Architecture = "amd64", Manager = "dpkg" },
            new() { Name = "glibc", Version = "2.34-60", Architecture = "x86_64", Manager = "rpm" },
        ];
        const string Metadata = "home/u/venv/lib/python3.11/site-packages/numpy-1.24.2.dist-info/METADATA";
        var entry = new TreeEntry { Path = Metadata, Type = TreeEntryType.File, Mode = "0644", Size = 1 };

        var packages = ImagePackages.OfCaptured(owners, [entry]);

        Assert.Equal(
            ["dpkg libc6:amd64 2.36-9", "dpkg tzdata 2024a-0", "pip numpy 1.24.2", "rpm glibc:x86_64 2.34-60"],
            packages.Select(package => $"{package.Manager} {package.Name} {package.Version}"));
    }
}
