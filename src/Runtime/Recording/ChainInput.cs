namespace Provenance.Runtime.Recording;

/// <summary>An input that an earlier step of a chain made.</summary>
/// <param name="Path">Absolute path in the container, or <c>stdin</c>.</param>
/// <param name="Step">Number of the step that made it.</param>
/// <param name="MadePath">Absolute path in that step's container, or <c>stdout</c>.</param>
/// <param name="IsAsRecorded">False when that step made something else than the recorded run had.</param>
public sealed record ChainInput(string Path, int Step, string MadePath, bool IsAsRecorded);
