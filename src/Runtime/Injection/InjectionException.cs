namespace Provenance.Runtime.Injection;

/// <summary>What is to be put into a container cannot be read, or was asked for in a form that means nothing.</summary>
public sealed class InjectionException(string subject, string reason) : RuntimeException($"inject '{subject}': {reason}")
{
    public string Subject { get; } = subject;
}
