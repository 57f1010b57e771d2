using Provenance.Runtime.Capturing;
using Provenance.Runtime.Native;
using Provenance.Runtime.Observing;
using Xunit;
using FileAccess = Provenance.Runtime.Observing.FileAccess;

namespace Provenance.Runtime.Tests.Capturing;

/// <summary>What a job's calls say of the host's files.</summary>
public sealed class CaptureLedgerTests
{
    private static readonly FileStatus Stood = new()
    {
        Type = Files.S_IFREG,
        Mode = 0,
        Owner = 0,
        Group = 0,
        Size = 1,
        Blocks = 8,
        LinkCount = 1,
        Inode = 7,
        FileSystem = 1,
        DeviceMajor = 0,
        DeviceMinor = 0,
        Modified = default,
        Changed = default,
        IsMountPoint = false,
    };

    private readonly CaptureLedger _ledger = new();

    [Fact]
    public void Names_are_collected_and_what_is_started_is_known()
    {
        Touch("/usr/bin/mawk", FileAccess.Execute, "/usr/bin/awk");
        Touch("/usr/bin/mawk", FileAccess.Read, "/bin/awk");
        Touch("/usr/bin/mawk", FileAccess.Read);
        var used = Assert.Single(_ledger.Used);
        Assert.Equal(["/bin/awk", "/usr/bin/awk"], used.Names.Order(StringComparer.Ordinal));
        Assert.Equal(7u, used.Before.Inode);
        Assert.False(used.IsWritten);
        Assert.Equal(["/usr/bin/mawk"], _ledger.Executed);
    }

    [Fact]
    public void What_the_job_made_itself_is_no_file_of_the_host()
    {
        Touch("/usr/lib/x.pyc", FileAccess.Create | FileAccess.Write, stood: false);
        Touch("/usr/lib/x.pyc", FileAccess.Read);
        Assert.Empty(_ledger.Used);
        Assert.Equal(["/usr/lib/x.pyc"], _ledger.Changed);
    }

    [Fact]
    public void What_was_looked_for_in_vain_or_only_written_is_not_used()
    {
        Touch("/usr/lib/none.so", FileAccess.Read, stood: false);
        Touch("/var/log/x", FileAccess.Write);
        Assert.Empty(_ledger.Used);
        Assert.Equal(["/var/log/x"], _ledger.Changed);
    }

    [Fact]
    public void A_file_that_another_was_put_in_place_of_is_changed()
    {
        Touch("/etc/x", FileAccess.Read);
        Touch("/etc/x.new", FileAccess.Create | FileAccess.Write, stood: false);
        _ledger.Observe(new FileRenamed { Process = 1, From = "/etc/x.new", To = "/etc/x" });
        Touch("/usr/share/locked", FileAccess.Read | FileAccess.Create);
        Assert.Equal([("/etc/x", true), ("/usr/share/locked", false)], _ledger.Used.Select(used => (used.Path, used.IsWritten)));
    }

    private void Touch(string path, FileAccess access, string? named = null, bool stood = true) => _ledger.Observe(
        new FileTouched { Process = 1, Path = path, Named = named, Access = access, Before = stood ? Stood : null });
}
