namespace Provenance.Runtime.Recording;

/// <summary>How a recording learns what the job did to files.</summary>
public enum ObserveMode
{
    /// <summary>By its calls; where this host cannot observe them, as <see cref="Mounts"/>.</summary>
    Calls,

    /// <summary>By comparing the mounted folders before and after.</summary>
    Mounts,

    /// <summary>Not at all: only what was asked for, where it ran and how it ended.</summary>
    None,
}
