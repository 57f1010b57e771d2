using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording;

/// <summary>What joins the replay of one step of a chain to those before and after it.</summary>
internal sealed record ReplayFeed
{
    public required ReplayChain Chain { get; init; }

    /// <summary>Inputs from earlier steps, by path.</summary>
    public required IReadOnlyDictionary<string, FedFile> Files { get; init; }

    /// <summary>Null when standard input comes from no earlier step.</summary>
    public required FedFile? Stdin { get; init; }

    /// <summary>How much of each stream is kept: all of one that a later step reads. In bytes.</summary>
    public required long MaxStreamBytes { get; init; }

    /// <summary>Takes what later steps want, before the scratch folder is gone: the files, the streams, and where a path of the container lies.</summary>
    public required Action<ObservedFiles, Outcome, Func<string, string?>> Collect { get; init; }
}
