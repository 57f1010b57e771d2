namespace Provenance.Runtime;

/// <summary>Something on this machine, or asked of it, is not as it must be. The message names what failed and on what.</summary>
public class RuntimeException(string message, Exception? cause = null) : Exception(message, cause);
