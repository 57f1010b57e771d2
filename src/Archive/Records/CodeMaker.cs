namespace Provenance.Archive.Records;

/// <summary>A file that makes machine code while it runs: it asks the kernel for memory that can be executed.</summary>
public sealed record CodeMaker
{
    /// <summary>Absolute path in the container, links resolved.</summary>
    public required string Path { get; init; }

    /// <summary>Whether anything in it looks at what the processor can do.</summary>
    public required bool AsksProcessor { get; init; }
}
