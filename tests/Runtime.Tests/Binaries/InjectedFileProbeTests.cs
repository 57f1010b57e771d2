using System.Security.Cryptography;
using Provenance.Runtime.Binaries;
using Xunit;

namespace Provenance.Runtime.Tests.Binaries;

/// <summary>What is kept of a host file that is put into a container.</summary>
public sealed class InjectedFileProbeTests
{
    [Fact]
    public void A_library_has_its_name_versions_and_digests()
    {
        string? libc = Directory.Exists("/usr/lib")
            ? Directory.EnumerateFiles("/usr/lib", "libc.so.6", SearchOption.AllDirectories).FirstOrDefault()
            : null;
        Assert.SkipWhen(libc is null, "this host has no glibc");

        var injected = InjectedFileProbe.Read(libc!, "/lib/libc.so.6", "inject");

        Assert.Equal("libc.so.6", injected.Soname);
        Assert.Contains("GLIBC_2.17", injected.VersionsProvided);
        Assert.Equal(injected.VersionsProvided.Order(StringComparer.Ordinal), injected.VersionsProvided);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(libc!))), injected.Digest.Sha256);
        Assert.Equal(new FileInfo(libc!).Length, injected.Size);
    }

    [Fact]
    public void A_file_that_is_no_library_has_digests_alone()
    {
        var injected = InjectedFileProbe.Read("/etc/passwd", "/etc/passwd", "bind");

        Assert.Null(injected.Soname);
        Assert.Empty(injected.VersionsProvided);
        Assert.Equal(new FileInfo("/etc/passwd").Length, injected.Size);
    }
}
