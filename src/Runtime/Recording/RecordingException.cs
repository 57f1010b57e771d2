namespace Provenance.Runtime.Recording;

/// <summary>A job cannot be planned, recorded or replayed as it was asked for.</summary>
public sealed class RecordingException(string message, Exception? cause = null) : RuntimeException(message, cause);
