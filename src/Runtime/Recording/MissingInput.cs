namespace Provenance.Runtime.Recording;

/// <summary>A file the run could read and that is nowhere to be found as it was.</summary>
/// <param name="Path">Absolute path in the container.</param>
/// <param name="Reason">Such as <c>no such file</c> or <c>content has digest 'sha256:…', expected 'sha256:…'</c>.</param>
public sealed record MissingInput(string Path, string Reason);
