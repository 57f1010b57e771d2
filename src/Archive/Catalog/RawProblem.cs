namespace Provenance.Archive.Catalog;

/// <summary>A row of problems as SQLite gives it.</summary>
internal sealed class RawProblem
{
    public byte[] Digest { get; init; } = [];

    public string Reason { get; init; } = "";
}
