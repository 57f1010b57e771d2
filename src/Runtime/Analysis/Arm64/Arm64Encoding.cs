namespace Provenance.Runtime.Analysis.Arm64;

/// <summary>A group of A64 instructions that ask for the same: those whose masked bits have a value.</summary>
/// <param name="Mask">The bits that decide.</param>
/// <param name="Value">What they are.</param>
/// <param name="Features">As <see cref="Arm64Features"/>; 0 for the baseline, Armv8.0-A with floating point and Advanced SIMD.</param>
/// <param name="Mnemonic">Of the instruction, or of the group where it has many: then in capitals.</param>
internal sealed record Arm64Encoding(uint Mask, uint Value, ulong Features, string Mnemonic)
{
    /// <summary>What no processor executes: data among code.</summary>
    internal static Arm64Encoding Invalid { get; } = new(0, 0, 0, ".inst");

    internal bool IsInvalid => ReferenceEquals(this, Invalid) || Mnemonic == ".inst";

    /// <summary>Reads how long vectors are, and computes on none.</summary>
    internal bool IsVectorLength => Mnemonic is "cntb" or "rdvl" or "addvl";

    internal bool Matches(uint word) => (word & Mask) == Value;
}
