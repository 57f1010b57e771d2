namespace Provenance.Runtime.Injection.Cdi;

/// <summary>A CDI specification is broken, or a device is in none.</summary>
public sealed class CdiException(string subject, string reason, Exception? cause = null) : RuntimeException($"cdi '{subject}': {reason}", cause)
{
    public string Subject { get; } = subject;
}
