namespace Provenance.Archive.Catalog;

/// <summary>Places in the log of runs that fulfil a condition, as one index has them.</summary>
/// <param name="From">The tables.</param>
/// <param name="Where">The condition.</param>
/// <param name="Place">The column with the place.</param>
/// <param name="IsOrdered">Whether the index has them in the order of the log.</param>
internal sealed record RunSourceArm(string From, string Where, string Place, bool IsOrdered = true)
{
    public string AllSql => $"select {Place} from {From} where {Where}";

    /// <summary>Whether the run r is among them.</summary>
    public string HasRunSql { get; init; } = $"exists (select 1 from {From} where {Where} and {Place} = r.log_index)";

    /// <summary>How many there are, up to so many.</summary>
    public string CountSql(int most) => $"select count(*) from (select 1 from {From} where {Where} limit {most})";
}
