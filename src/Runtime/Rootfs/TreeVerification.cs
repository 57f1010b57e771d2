namespace Provenance.Runtime.Rootfs;

/// <summary>How an unpacked tree compares with its manifest.</summary>
public sealed record TreeVerification
{
    /// <summary>One line each: the path in quotes, and what is not as the manifest says. Empty when all is.</summary>
    public required IReadOnlyList<string> Differences { get; init; }

    /// <summary>Files whose content could not be compared, since their mode forbids their owner to read them.</summary>
    public required IReadOnlyList<string> Unread { get; init; }
}
