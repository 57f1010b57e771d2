namespace Provenance.Archive.Records;

/// <summary>The instruction at which a process of the job ended by SIGILL, and what the processor lacks for it.</summary>
public sealed record IllegalInstruction
{
    /// <summary>The program that ended, by its path in the container; its thread's name with <see cref="FromLog"/>; empty when it could not be told.</summary>
    public required string Program { get; init; }

    /// <summary>Where it stood in memory, hexadecimal.</summary>
    public required string Address { get; init; }

    /// <summary>
    /// The file it was loaded from, by its path in the container, or its name alone where <see cref="FromLog"/> and it was not found there;
    /// null for code that was generated as the program ran.
    /// </summary>
    public string? File { get; init; }

    /// <summary>Where it stands in that file, hexadecimal.</summary>
    public string? FileOffset { get; init; }

    /// <summary>The function it belongs to: a symbol, else <c>function at</c> and its address in the file.</summary>
    public string? Function { get; init; }

    /// <summary>The bytes from there on, lowercase hex; empty when they could not be read.</summary>
    public required string Bytes { get; init; }

    /// <summary>In Intel's notation; null when the bytes are no instruction of any processor known.</summary>
    public string? Instruction { get; init; }

    /// <summary>Features of the processor that it needs, named as in /proc/cpuinfo, in ordinal order.</summary>
    public required IReadOnlyList<string> Needed { get; init; }

    /// <summary>Those that no program may use on this host.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>
    /// True when the process was not followed: this is what the kernel's log and the file say afterwards. Null when it was looked at
    /// in memory before it ended.
    /// </summary>
    public bool? FromLog { get; init; }
}
