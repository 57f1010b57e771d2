using System.Text;
using Microsoft.Win32.SafeHandles;
using Provenance.Runtime.Native;

namespace Provenance.Runtime.Pinning;

/// <summary>The kernel's log from a moment on: Documentation/ABI/testing/dev-kmsg.</summary>
internal sealed class KernelLog : IDisposable
{
    private const string Path = "/dev/kmsg";

    /// <summary>The longest record (linux/printk.h, CONSOLE_EXT_LOG_MAX), in bytes.</summary>
    private const int LongestRecord = 8192;

    /// <summary>A log has no more, by far: what goes on longer than this is written while it is read.</summary>
    private const int MostRecords = 100_000;

    private readonly SafeFileHandle _file;

    private KernelLog(SafeFileHandle file) => _file = file;

    /// <summary>From now on.</summary>
    /// <returns>Null where it may not be read (<c>kernel.dmesg_restrict</c>), or is not there, as in most containers.</returns>
    public static KernelLog? TryOpen()
    {
        var file = Descriptors.TryOpenAtEnd(Path);
        return file is null ? null : new KernelLog(file);
    }

    /// <summary>The illegal instructions that it tells of, the first one first; once.</summary>
    public IReadOnlyList<KernelTrap> ReadTraps()
    {
        var traps = new List<KernelTrap>();
        byte[] record = new byte[LongestRecord];
        for (int i = 0; i < MostRecords && Descriptors.TryReadRecord(_file, record, out int length); i++)
        {
            // priority,sequence,microseconds,flags;message, and then lines of KEY=VALUE. A record that was overwritten is empty.
            string text = Encoding.UTF8.GetString(record.AsSpan(0, length));
            int from = text.IndexOf(';', StringComparison.Ordinal) + 1, to = text.IndexOf('\n', StringComparison.Ordinal);
            if (to > from && KernelTrap.Parse(text[from..to]) is { } trap)
                traps.Add(trap);
        }
        return traps;
    }

    public void Dispose() => _file.Dispose();
}
