using Provenance.Archive.Catalog;

namespace Provenance.Archive.Care;

/// <summary>What repairing an archive came to.</summary>
public sealed record RepairReport
{
    /// <summary>In the order in which they were made.</summary>
    public required IReadOnlyList<Repair> Repairs { get; init; }

    /// <summary>What could not be read of the places that repairs were looked for in, one sentence each.</summary>
    public required IReadOnlyList<string> SourceProblems { get; init; }

    /// <summary>What is still not as it should be, and what it would need.</summary>
    public required IReadOnlyList<UnrepairedDamage> Unrepaired { get; init; }

    /// <summary>What checking the archive found afterwards.</summary>
    public required FsckReport After { get; init; }
}
