namespace Provenance.Runtime.Comparison;

/// <summary>A content is not what its first bytes say, or is beyond a limit: it is compared byte for byte then.</summary>
internal sealed class UnreadableContentException(string message) : RuntimeException(message);
