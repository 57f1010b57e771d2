namespace Provenance.Runtime.Analysis;

/// <summary>An instruction of one object that is reached without a check that we can see.</summary>
internal sealed record CodeUse
{
    /// <summary>In ordinal order.</summary>
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>Null where the file does not say.</summary>
    public string? Function { get; init; }

    /// <summary>Of the instruction, as objdump shows it.</summary>
    public required ulong Address { get; init; }

    public required string Instruction { get; init; }

    /// <summary>As <see cref="Archive.Records.InstructionUse.How"/>.</summary>
    public required string How { get; init; }

    public required bool Strong { get; init; }

    /// <summary>As <see cref="Archive.Records.InstructionUse.Checked"/>.</summary>
    public IReadOnlyList<string>? Checked { get; init; }
}
