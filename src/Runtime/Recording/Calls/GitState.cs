using Provenance.Archive.Records;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>What git says of a work tree.</summary>
internal sealed record GitState
{
    private const int MaxChanged = 20;

    public string? Commit { get; init; }

    public string? Branch { get; init; }

    public string? Remote { get; init; }

    /// <summary>Tracked files that are not as the commit has them; null when git could not tell.</summary>
    public IReadOnlyList<string>? Changed { get; init; }

    /// <summary>The same with used files that are not tracked.</summary>
    /// <param name="untracked">Null when git could not tell.</param>
    public GitState With(IReadOnlyList<string>? untracked) =>
        Changed is null || untracked is null ? this : this with { Changed = [.. Changed, .. untracked] };

    public SourceTree ToRecord(string folder) => new()
    {
        Path = folder,
        Commit = Commit,
        Branch = Branch,
        Dirty = Changed is null ? null : Changed.Count > 0,
        Changed = Changed is { Count: > 0 } ? [.. Changed.Take(MaxChanged)] : null,
        Remote = Remote is null ? null : SecretArguments.WithoutPasswords(Remote),
    };
}
