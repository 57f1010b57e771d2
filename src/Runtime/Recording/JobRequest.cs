using Provenance.Archive.Images;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Recording;

/// <summary>A job as the command line asks for it. What is left null is decided by <see cref="JobPlanner"/>.</summary>
public sealed record JobRequest
{
    /// <summary>As the user named the image; null for none.</summary>
    public required string? Reference { get; init; }

    /// <summary>Null for the host's own files.</summary>
    public required StoredImage? Image { get; init; }

    /// <summary>Absolute path of the unpacked image on the host; <see cref="ContainerSpec.HostRoot"/> for the host's own files.</summary>
    public required string Rootfs { get; init; }

    /// <summary>What stands after <c>--</c>; empty for the image's own command.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    public IReadOnlyList<BindMount> Binds { get; init; } = [];

    /// <summary>From --env-file and then --env, as <see cref="JobEnvironment.Parse"/> reads them.</summary>
    public IReadOnlyList<EnvironmentEntry> Environment { get; init; } = [];

    /// <summary>Absolute path in the container.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>A program, a JSON array, or empty for none.</summary>
    public string? Entrypoint { get; init; }

    /// <summary><c>name</c>, <c>uid</c>, <c>uid:gid</c>, …</summary>
    public string? User { get; init; }

    public ContainerNetwork Network { get; init; }

    /// <summary>Null for a read-only root.</summary>
    public WritableRoot? Writable { get; init; }

    /// <summary>
    /// Nothing of the host can be changed: the working folder and every bind is read-only. Where the host's own files are the
    /// image, the working folder and /tmp stay writable.
    /// </summary>
    public bool ReadOnly { get; init; }

    public IReadOnlyList<TmpfsMount> Tmpfs { get; init; } = [];

    /// <summary>Folder of the host that is shown, writable, at its own path and is the job's HOME.</summary>
    public string? HomeFolder { get; init; }

    public string? Hostname { get; init; }

    public bool AllowNesting { get; init; }
}
