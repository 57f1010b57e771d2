using Provenance.Archive.Catalog;

namespace Provenance.Cli;

/// <summary>A file of a run as <c>prov find --json</c> prints it.</summary>
internal sealed record FileSummary
{
    /// <summary>What was looked up, as it was typed; of a folder, the file in it.</summary>
    public required string What { get; init; }

    /// <summary>64 hex digits.</summary>
    public required string Run { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required string Role { get; init; }

    /// <summary>Of a used file: present, read, executed or extended; null when it was not observed.</summary>
    public string? Use { get; init; }

    /// <summary>Where it belongs, such as input; null when it was not observed.</summary>
    public string? Class { get; init; }

    public required string Path { get; init; }

    public string? Sha256 { get; init; }

    /// <summary>In bytes.</summary>
    public required long Size { get; init; }

    public required bool Kept { get; init; }

    public required string Command { get; init; }

    public static FileSummary Of(FileMatch match, string what) => new()
    {
        What = what,
        Run = match.Run.Hex,
        StartedAt = match.StartedAt,
        Role = RoleOf(match.Role),
        Use = match.Use?.ToString().ToLowerInvariant(),
        Class = match.Class?.ToString().ToLowerInvariant(),
        Path = match.Path,
        Sha256 = match.Sha256?.Hex,
        Size = match.Size,
        Kept = match.Kept,
        Command = match.Command,
    };

    /// <summary>In one word, for a table: how a file was used where that is known.</summary>
    public string ToWord() => Use ?? (Class == "temporary" && Role == "generated" ? Class : Role);

    private static string RoleOf(FileRole role) => role switch
    {
        FileRole.Used => "used",
        FileRole.Generated => "generated",
        FileRole.Stdin => "stdin",
        FileRole.Stdout => "stdout",
        FileRole.Stderr => "stderr",
        _ => "injected",
    };
}
