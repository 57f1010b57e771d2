namespace Provenance.Archive.Records;

/// <summary>A system call that older kernels lack, and that a job made.</summary>
public sealed record KernelCall
{
    /// <summary>As in the man pages, such as <c>openat2</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The release of Linux that brought it, such as <c>5.6</c>.</summary>
    public required string Since { get; init; }
}
