using System.Text;
using Provenance.Archive.Records;
using Provenance.Runtime.Comparison;

namespace Provenance.Runtime.Tests.Comparison;

/// <summary>Compares two contents as a replay does.</summary>
internal static class Compared
{
    public static Likeness Of(string name, string then, string now, double? rtol = null, double? atol = null) =>
        Of(name, Encoding.UTF8.GetBytes(then), Encoding.UTF8.GetBytes(now), rtol, atol);

    public static Likeness Of(string name, byte[] then, byte[] now, double? rtol = null, double? atol = null, string? toolPath = null, long budget = 1L << 30)
    {
        var context = new ComparisonContext
        {
            Folder = Path.GetTempPath(),
            Tolerance = rtol is null && atol is null ? null : new NumberTolerance(rtol ?? 0, atol ?? 0),
            Budget = new ExpansionBudget(budget),
        };
        context = toolPath is null ? context : context with { ToolPath = toolPath };
        return ContentComparer.Compare(
            new ComparedContent(name, new MemoryStream(then)), new ComparedContent(name, new MemoryStream(now)), context);
    }

    /// <summary>Result, kind and what was told apart, in one line.</summary>
    public static string Words(this Likeness likeness)
    {
        string normalised = likeness.Normalised.Count > 0 ? $" [{string.Join(", ", likeness.Normalised)}]" : "";
        return likeness.Result == ComparisonResult.Identical ? "Identical" : $"{likeness.Result} {likeness.Kind}{normalised}";
    }
}
