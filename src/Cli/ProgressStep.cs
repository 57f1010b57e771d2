namespace Provenance.Cli;

/// <summary>How far a piece of work has come.</summary>
/// <param name="Done">In the unit of <paramref name="Total"/>, mostly bytes.</param>
/// <param name="Total">Null while it is not known.</param>
/// <param name="Title">What is being done; null leaves what stood there.</param>
internal readonly record struct ProgressStep(long Done, long? Total, string? Title = null);
