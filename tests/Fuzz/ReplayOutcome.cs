namespace Provenance.Fuzz;

/// <summary>What became of an input that was put aside, read once more and alone.</summary>
internal enum ReplayOutcome
{
    /// <summary>Understood or refused: the machine was busy when the reader was ended for its time.</summary>
    Read,

    /// <summary>Something other than a refusal got out, or the process died.</summary>
    Crash,

    /// <summary>It takes more of the processor than any input may.</summary>
    Hang,
}
