namespace Provenance.Runtime.Sandbox;

/// <summary>One <c>NAME=value</c> of a job's environment.</summary>
public sealed record EnvironmentEntry(string Name, string Value)
{
    public override string ToString() => $"{Name}={Value}";
}
