using System.Diagnostics;

namespace Provenance.Archive.Content;

/// <summary>Names for files that are being written: unique by host, process, its start and a count, not by clock or chance.</summary>
/// <remarks>The host name is part of it because several nodes may write one archive on a parallel file system.</remarks>
internal static class TemporaryName
{
    private static readonly string Process = Describe();
    private static long _count;

    public static string Next() => $".prov-{Process}-{Interlocked.Increment(ref _count)}";

    private static string Describe()
    {
        // Stopwatch counts from boot: a process number that comes again does not meet its forerunner's leftovers.
        return $"{Environment.MachineName}-{Environment.ProcessId}-{Stopwatch.GetTimestamp():x}";
    }
}
