namespace Provenance.Runtime.Recording;

/// <summary>How much work and space one recording may take. What goes beyond is left out, and the record says so.</summary>
public sealed record RecordingLimits
{
    private const long Mebibyte = 1 << 20;

    /// <summary>The limits of <c>prov run</c>.</summary>
    public static RecordingLimits Default { get; } = new();

    /// <summary>Inputs hashed before the job starts, in bytes; the rest is hashed while it runs.</summary>
    public long HashedBeforeBytes { get; init; } = 64 * Mebibyte;

    /// <summary>The same in files: reading many small ones would delay the job too.</summary>
    public int HashedBeforeFiles { get; init; } = 2_000;

    /// <summary>Undeclared inputs hashed at all, in files; of the rest only the size is recorded.</summary>
    public int MaxInputFiles { get; init; } = 200_000;

    /// <summary>Undeclared inputs hashed at all, in bytes; of the rest only the size is recorded.</summary>
    public long MaxInputBytes { get; init; } = 20 * 1024 * Mebibyte;

    /// <summary>Hashed of the inputs that the job was seen to read, in bytes: it is read beside the job, and waited for at its end.</summary>
    public long MaxReadBytes { get; init; } = 1024 * 1024 * Mebibyte;

    /// <summary>Hashed of all outputs, in bytes: it is waited for at the job's end.</summary>
    public long MaxOutputBytes { get; init; } = 256 * 1024 * Mebibyte;

    /// <summary>Holes hashed of one output, in bytes: nothing is in them, and hashing them takes as long as data.</summary>
    public long MaxHoleBytes { get; init; } = 4 * 1024 * Mebibyte;

    /// <summary>Files and folders looked at in all mounts together.</summary>
    public int MaxEntries { get; init; } = 1_000_000;

    /// <summary>Contents of files kept for one run, in bytes.</summary>
    public long MaxKeptBytes { get; init; } = 2 * 1024 * Mebibyte;

    /// <summary>Kept of each standard stream, in bytes.</summary>
    public long MaxStreamBytes { get; init; } = 16 * Mebibyte;
}
