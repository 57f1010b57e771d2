namespace Provenance.Archive.Records;

/// <summary>An instruction that runs without a check of the processor that could be seen.</summary>
public sealed record InstructionUse
{
    /// <summary>Absolute path in the container, links resolved.</summary>
    public required string Path { get; init; }

    /// <summary>As /proc/cpuinfo names them, in ordinal order; <c>abm</c> is lzcnt.</summary>
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>As the linker knows it; null where the file does not say.</summary>
    public string? Function { get; init; }

    /// <summary>Hexadecimal, as objdump shows it: <c>0x1120</c>.</summary>
    public required string Address { get; init; }

    /// <summary>In Intel's notation; of arm64 the mnemonic and the word: <c>ldadd (b8210042)</c>.</summary>
    public required string Instruction { get; init; }

    /// <summary>
    /// How it is reached: <c>entry</c>, <c>initialiser</c>, <c>export</c>, <c>call</c>, <c>pointer</c>, <c>every-outcome</c> of a check,
    /// <c>no-dispatch</c> in a file that never looks at the processor, <c>shared</c> inline code kept from another object,
    /// <c>narrow-check</c> behind a check of less,
    /// <c>unasked</c>: chosen by checks that never ask for it.
    /// </summary>
    public required string How { get; init; }

    /// <summary>False where it may be behind a choice that the analysis did not understand.</summary>
    public required bool Strong { get; init; }

    /// <summary>
    /// Of <c>narrow-check</c>: what is asked of the processor before, which is less than <see cref="Features"/>; in ordinal order. Null elsewhere.
    /// </summary>
    public IReadOnlyList<string>? Checked { get; init; }
}
