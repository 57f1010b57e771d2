namespace Provenance.Archive.Records;

/// <summary>What the programs and libraries of a run ask of a machine, found in their files: an assessment years later reads nothing else.</summary>
/// <remarks>
/// Made from what would be loaded, never from which instructions were executed: a new processor runs code that an older one would
/// have passed over. For amd64 and arm64.
/// </remarks>
public sealed record Requirements
{
    /// <summary>The algorithm that found them, as FORMAT.d/requirements.md numbers it.</summary>
    public required int Analysis { get; init; }

    /// <summary>As OCI names it; null for amd64, which earlier records have alone.</summary>
    public string? Architecture { get; init; }

    /// <summary>
    /// On arm64, the marks that every file has: <c>bti</c>, <c>pac</c>, <c>gcs</c>. They ask for nothing, but the kernel and the dynamic linker
    /// switch the protection on where it is there. Null elsewhere.
    /// </summary>
    public IReadOnlyList<string>? BranchProtection { get; init; }

    /// <summary>Programs and libraries that were analysed.</summary>
    public required int Files { get; init; }

    /// <summary>Their code, in bytes.</summary>
    public required long CodeBytes { get; init; }

    /// <summary>Instructions that run without a check of the processor: of each file and feature the surest.</summary>
    public required IReadOnlyList<InstructionUse> Must { get; init; }

    /// <summary>Code that runs only where the processor has what it needs.</summary>
    public required IReadOnlyList<FeatureChoice> May { get; init; }

    /// <summary>What the dynamic linker, the C library or a language's start-up code itself asks for.</summary>
    public required IReadOnlyList<StartDemand> Start { get; init; }

    /// <summary>Files that make machine code while they run.</summary>
    public required IReadOnlyList<CodeMaker> MakesCode { get; init; }

    /// <summary>Files with instructions whose results are approximate, and not the same on processors of every vendor.</summary>
    public required IReadOnlyList<ApproximateCode> Approximate { get; init; }

    /// <summary>What was not analysed, and why.</summary>
    public required IReadOnlyList<UnreadBinary> NotAnalysed { get; init; }

    /// <summary>
    /// Set where nobody saw what was loaded, and all this is of what would be for the command line: the files of it that may open further libraries or
    /// start further programs, in order. Null where it was seen.
    /// </summary>
    public IReadOnlyList<string>? MayLoadMore { get; init; }
}
