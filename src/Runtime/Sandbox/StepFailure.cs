using Provenance.Runtime.Native;

namespace Provenance.Runtime.Sandbox;

/// <summary>A step of the set-up that failed in the child.</summary>
internal sealed record StepFailure(SyscallStep Step, Errno Errno)
{
    /// <summary>Reads as any failed call: <c>mount '/proc': Operation not permitted (EPERM)</c>.</summary>
    public SyscallException ToException() => new(Step.Call.Name, Step.Subject, Errno);
}
