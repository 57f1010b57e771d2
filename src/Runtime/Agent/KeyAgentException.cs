namespace Provenance.Runtime.Agent;

/// <summary>A key agent could not be started.</summary>
public sealed class KeyAgentException(string message, Exception? inner = null) : RuntimeException(message, inner);
