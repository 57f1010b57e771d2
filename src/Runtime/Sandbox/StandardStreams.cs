namespace Provenance.Runtime.Sandbox;

/// <summary>The descriptors that become the job's 0, 1 and 2. They stay open in the caller, who owns them.</summary>
public sealed record StandardStreams(int Input, int Output, int Error)
{
    /// <summary>The caller's own.</summary>
    public static StandardStreams Inherited { get; } = new(0, 1, 2);

    /// <summary>Where a pipe is the input: its other end, which process 1 of the container must not keep, or the job waits for ever; -1 for none.</summary>
    public int Feeding { get; init; } = -1;
}
