namespace Provenance.Runtime.Native;

/// <summary>A time as the kernel keeps it: seconds since 1970 UTC, negative before, and nanoseconds from 0 to 999,999,999.</summary>
internal readonly record struct FileTime(long Seconds, int Nanoseconds);
