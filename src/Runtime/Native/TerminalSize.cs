namespace Provenance.Runtime.Native;

/// <summary>The first half of <c>struct winsize</c>, in characters; 0 for what a terminal does not say.</summary>
internal readonly record struct TerminalSize(int Rows, int Columns);
