using Provenance.Runtime.Native;

namespace Provenance.Runtime.Capturing;

/// <summary>A file of the host that a job used, as its calls told.</summary>
internal sealed record UsedPath
{
    /// <summary>Absolute, every link resolved.</summary>
    public required string Path { get; init; }

    /// <summary>Other names by which the job asked for it, absolute: through links.</summary>
    public IReadOnlyCollection<string> Names { get; init; } = [];

    /// <summary>When the job first asked for it.</summary>
    public required FileStatus Before { get; init; }

    /// <summary>The job wrote to it: it is not what it was when the job began.</summary>
    public bool IsWritten { get; init; }
}
