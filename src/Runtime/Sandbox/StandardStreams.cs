namespace Provenance.Runtime.Sandbox;

/// <summary>The descriptors that become the job's 0, 1 and 2. They stay open in the caller, who owns them.</summary>
public sealed record StandardStreams(int Input, int Output, int Error)
{
    /// <summary>The caller's own.</summary>
    public static StandardStreams Inherited { get; } = new(0, 1, 2);
}
