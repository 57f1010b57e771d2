namespace Provenance.Archive.Records;

/// <summary>A standard stream of a job that was a terminal, and the size it had when the job started: many programs lay out by it.</summary>
public sealed record JobTerminal
{
    /// <summary><c>stdin</c>, <c>stdout</c> or <c>stderr</c>.</summary>
    public required string Stream { get; init; }

    /// <summary>Height, in characters; 0 where the terminal did not say.</summary>
    public required int Rows { get; init; }

    /// <summary>Width, in characters; 0 where the terminal did not say.</summary>
    public required int Columns { get; init; }
}
