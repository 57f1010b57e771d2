using System.Diagnostics;
using Provenance.Runtime.Capturing;
using Provenance.Runtime.Tests.Recording;
using Xunit;

namespace Provenance.Runtime.Tests.Capturing;

/// <summary>Who owns a file, by what the package managers have on disk.</summary>
public sealed class PackageDatabaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Dpkg_knows_files_by_the_names_from_before_the_merge()
    {
        _folder.Write("info/libc6:amd64.list", "/.\n/lib\n/lib/x/libc.so.6\n/usr/share/doc/libc6\n");
        _folder.Write("info/libc6:i386.list", "/.\n/lib/i/libc.so.6\n");
        _folder.Write("info/mawk.list", "/usr/bin/mawk\n/usr/share/man/mawk.1\n");
        _folder.Write("status", """
            Package: mawk
            Status: install ok installed
            Architecture: amd64
            Version: 1.3.4
            Description: awk
             Package: is a word here

            Package: libc6
            Architecture: amd64
            Version: 2.36-9

            Package: libc6
            Architecture: i386
            Version: 2.36-9

            """);
        var database = new DpkgDatabase(_folder.Path, folder => folder == "/lib" ? "/usr/lib" : folder);

        var owned = database.FindOwners(Set("/usr/lib/x/libc.so.6", "/usr/bin/mawk", "/nobody's"), withFiles: true);
        Assert.Equal(["libc6 2.36-9 amd64 dpkg", "mawk 1.3.4 amd64 dpkg"], Words(owned));
        Assert.Equal(
            ["/.", "/lib", "/lib/x/libc.so.6", "/usr/bin/mawk", "/usr/share/doc/libc6", "/usr/share/man/mawk.1"],
            owned.Files.Order(StringComparer.Ordinal));
        Assert.Empty(database.FindOwners(Set("/usr/bin/mawk"), withFiles: false).Files);
        Assert.Empty(database.FindOwners(Set("/nobody's"), withFiles: true).Packages);
    }

    [Fact]
    public void Dpkg_of_this_host_says_the_same_as_its_own_tool()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/dpkg-query"), "this host has no dpkg");
        using var host = new HostPaths();
        string shell = host.Trace("/bin/sh")[^1].Path;
        string expected = Ask("/usr/bin/dpkg-query", "-W", "-f", "${Package} ${Version} ${Architecture} dpkg", Ask("/bin/sh", "-c",
            $"dpkg-query -S {shell} /bin/{Path.GetFileName(shell)} 2>/dev/null | head -n 1 | cut -d: -f1"));
        Assert.Contains(expected, Words(HostPackages.Find(host).FindOwners(Set(shell), withFiles: false)));
    }

    [Fact]
    public void Apk_has_folders_and_the_files_in_them()
    {
        string file = _folder.Write("installed", """
            C:Q1abc=
            P:busybox
            V:1.36.1-r2
            A:x86_64
            F:bin
            R:busybox
            a:0:0:755
            R:sh
            F:etc
            R:securetty

            P:zlib
            V:1.3-r0
            A:x86_64
            F:lib
            R:libz.so.1

            """);
        var owned = new ApkDatabase(file).FindOwners(Set("/etc/securetty"), withFiles: true);
        Assert.Equal(["busybox 1.36.1-r2 x86_64 apk"], Words(owned));
        Assert.Equal(["/bin/busybox", "/bin/sh", "/etc/securetty"], owned.Files);
    }

    [Fact]
    public void Rpm_is_asked_through_its_own_tool()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/rpm") && File.Exists("/usr/bin/rpmbuild"), "rpm is not installed (Debian: rpm)");
        _folder.Write("demo.spec", """
            Name: demo
            Version: 1.2
            Release: 3
            Epoch: 7
            Summary: demo
            License: none
            BuildArch: noarch
            %description
            demo
            %install
            mkdir -p %{buildroot}/usr/share/demo
            echo a > %{buildroot}/usr/share/demo/a
            echo b > %{buildroot}/usr/share/demo/b
            %files
            /usr/share/demo
            """);
        Ask("/usr/bin/rpmbuild", "-bb", "--define", $"_topdir {_folder.At("build")}", _folder.At("demo.spec"));
        string package = Directory.EnumerateFiles(_folder.At("build"), "demo-*.rpm", SearchOption.AllDirectories).Single();
        string database = _folder.At("db");
        Ask("/usr/bin/rpm", "--dbpath", database, "--justdb", "--nodeps", "-i", package);

        var rpm = new RpmDatabase("/usr/bin/rpm", "--dbpath", database);
        var owned = rpm.FindOwners(Set("/usr/share/demo/a", "/usr/bin/nobody's"), withFiles: true);
        Assert.Equal(["demo 7:1.2-3 noarch rpm"], Words(owned));
        Assert.Equal(["/usr/share/demo", "/usr/share/demo/a", "/usr/share/demo/b"], owned.Files);
    }

    private static HashSet<string> Set(params string[] paths) => new(paths, StringComparer.Ordinal);

    private static string[] Words(OwnedFiles owned) =>
        [.. owned.Packages.Select(package => $"{package.Name} {package.Version} {package.Architecture} {package.Manager}")];

    private static string Ask(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.BeginErrorReadLine();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Trim();
    }
}
