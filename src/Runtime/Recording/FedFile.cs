using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording;

/// <summary>An input that comes from an earlier step of a chain.</summary>
internal sealed record FedFile
{
    /// <summary>What it is to the step: absolute path in the container, or <c>stdin</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The recorded run whose replay makes it.</summary>
    public required Digest Maker { get; init; }

    /// <summary>Number of that step, from 1.</summary>
    public required int Step { get; init; }

    /// <summary>What it was to that run: absolute path in its container, or <c>stdout</c>.</summary>
    public required string MadePath { get; init; }

    /// <summary>SHA-256 of what was recorded.</summary>
    public required Digest Recorded { get; init; }

    /// <summary>Where it lies now; null while its step has not been repeated.</summary>
    public string? HostPath { get; init; }

    /// <summary>What was made this time; null while its step has not been repeated.</summary>
    public DigestSet? Digest { get; init; }

    /// <summary>Size of what was made this time, in bytes.</summary>
    public long Size { get; init; }

    /// <summary>Whether other bytes came out than were recorded.</summary>
    public bool IsOther => Digest is not null && Digest.Sha256 != Recorded.Hex;

    public SafeFileHandle Open() => File.OpenHandle(HostPath!);

    public Relocation ToRelocation() => new()
    {
        Path = Path,
        Source = $"replay:{Maker.Hex}",
        Digest = IsOther ? Digest : null,
    };

    /// <summary>The entry of the recorded list as it is this time.</summary>
    public UsedFile Replace(UsedFile file) => file with { Size = Size, Digest = Digest, NotHashed = null };
}
