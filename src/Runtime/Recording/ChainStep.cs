namespace Provenance.Runtime.Recording;

/// <summary>One run of a pipeline that is to be repeated, and what it gets from the steps before it.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Run">Verified.</param>
/// <param name="Fed">Inputs that earlier steps make.</param>
internal sealed record ChainStep(int Number, RecordedRun Run, IReadOnlyList<FedFile> Fed)
{
    public const string Stdin = "stdin";

    public const string Stdout = "stdout";
}
