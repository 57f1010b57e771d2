namespace Provenance.Archive.Catalog;

/// <summary>A condition on runs that other tables answer, by one of several columns or more.</summary>
internal sealed record RunSource(params IReadOnlyList<RunSourceArm> Arms)
{
    /// <summary>The places of all runs that fulfil it.</summary>
    public string AllSql => string.Join("\nunion ", Arms.Select(arm => arm.AllSql));

    /// <summary>Whether the run r does.</summary>
    public string HasRunSql => $"({string.Join("\n  or ", Arms.Select(arm => arm.HasRunSql))})";
}
