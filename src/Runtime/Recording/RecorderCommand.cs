namespace Provenance.Runtime.Recording;

/// <summary>How the recorder's process is started: this program again, with its hidden command.</summary>
/// <param name="Program">Absolute path.</param>
/// <param name="Arguments">Without the program's own name.</param>
public sealed record RecorderCommand(string Program, IReadOnlyList<string> Arguments);
