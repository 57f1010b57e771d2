namespace Provenance.Runtime.Injection.Cdi;

/// <summary>A device that was asked for, and where it is described.</summary>
internal sealed record FoundDevice(string Path, CdiSpec Spec, CdiDevice Device);
