namespace Provenance.Archive.Transparency;

/// <summary>Where the two files of a seal are.</summary>
/// <param name="SumsPath">Its lines.</param>
/// <param name="TokenPath">The token over them.</param>
internal sealed record SealPlace(string SumsPath, string TokenPath);
