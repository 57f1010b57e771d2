namespace Provenance.Archive.Transparency;

/// <summary>A seal whose lines were read once, and are in their form. Whether the token is over them was not looked at.</summary>
/// <param name="Place">Its files.</param>
/// <param name="Content">What it lists.</param>
/// <param name="SumsSha512">Of its lines, in hex.</param>
/// <param name="TokenSha512">Of its token.</param>
internal sealed record IndexedSeal(SealPlace Place, SealContent Content, string SumsSha512, string TokenSha512);
