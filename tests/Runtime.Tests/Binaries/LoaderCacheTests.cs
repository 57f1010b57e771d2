using Provenance.Runtime.Binaries;
using Provenance.Runtime.Tests.Injection;
using Xunit;

namespace Provenance.Runtime.Tests.Binaries;

/// <summary>The dynamic linker's cache, against ldconfig(8).</summary>
public sealed class LoaderCacheTests
{
    [Fact]
    public void Has_what_ldconfig_prints()
    {
        string? ldconfig = ((string[])["/sbin/ldconfig", "/usr/sbin/ldconfig"]).FirstOrDefault(File.Exists);
        Assert.SkipWhen(ldconfig is null || !File.Exists("/etc/ld.so.cache"), "this host has no ldconfig");
        var cache = LoaderCache.Read("/etc/ld.so.cache");
        (string Name, string Path)[] printed =
        [
            .. CompiledImage.Output(ldconfig!, "-p").Select(line => line.Split(" => ")).Where(parts => parts.Length == 2)
                .Select(parts => (parts[0].Trim().Split(' ')[0], parts[1])),
        ];

        Assert.NotEmpty(printed);
        Assert.All(printed, entry => Assert.Contains(entry.Path, cache.Find(entry.Name)));
        Assert.Equal(printed.Select(entry => entry.Name).Distinct().Count(), cache.Names.Count());
    }

    [Fact]
    public void What_is_made_by_hand_is_read() =>
        Assert.Equal(["/lib/libone.so.1"], LoaderCache.Parse(CacheBytes.Of(("libone.so.1", "/lib/libone.so.1"))).Find("libone.so.1"));

    [Fact]
    public void A_broken_cache_has_nothing_or_less_and_never_throws()
    {
        byte[] good = CacheBytes.Of(("liba.so.1", "/lib/liba.so.1"), ("libb.so.1", "/lib/libb.so.1"));
        for (int at = 0; at < good.Length; at++)
        {
            byte[] broken = [.. good];
            broken[at] ^= 0xFF;
            foreach (string name in LoaderCache.Parse(broken).Names)
                Assert.NotEmpty(name);
            _ = LoaderCache.Parse(good.AsSpan(0, at));
        }

        Assert.Empty(LoaderCache.Parse("ld.so-1.7.0\0\u00ff\u00ff\u00ff\u007f"u8).Names);
    }
}
