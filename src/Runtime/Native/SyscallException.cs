using System.Runtime.InteropServices;

namespace Provenance.Runtime.Native;

/// <summary>A system call failed: which one, on what, and why. Reads <c>mount '/proc': Operation not permitted (EPERM)</c>.</summary>
public sealed class SyscallException(string call, string? subject, Errno errno)
    : Exception(Describe(call, subject, errno))
{
    public string Call { get; } = call;

    /// <summary>The path or name the call was about; null where it has none.</summary>
    public string? Subject { get; } = subject;

    public Errno Errno { get; } = errno;

    /// <summary>For the call that has just failed on this thread.</summary>
    public static SyscallException FromLastError(string call, string? subject = null) =>
        new(call, subject, (Errno)Marshal.GetLastPInvokeError());

    private static string Describe(string call, string? subject, Errno errno)
    {
        string reason = $"{Marshal.GetPInvokeErrorMessage((int)errno)} ({errno})";
        return subject is null ? $"{call}: {reason}" : $"{call} '{subject}': {reason}";
    }
}
