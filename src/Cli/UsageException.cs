namespace Provenance.Cli;

/// <summary>The command line asks for what cannot be. Exit status 2.</summary>
internal sealed class UsageException(string message, Exception? cause = null) : Exception(message, cause);
