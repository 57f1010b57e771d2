namespace Provenance.Runtime.Sandbox;

/// <summary>A container cannot be made as it was asked for.</summary>
public sealed class SandboxException(string message, Exception? cause = null) : RuntimeException(message, cause);
