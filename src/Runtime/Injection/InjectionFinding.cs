using Provenance.Archive.Records;

namespace Provenance.Runtime.Injection;

/// <summary>Makes the findings about what is put into a container. Rules in schema/FORMAT.d/injection.md.</summary>
internal static class InjectionFinding
{
    private const int MostEvidence = 20;

    public static Finding Refuse(string rule, string message, IEnumerable<string> evidence, string? remedy = null, bool canForce = true) =>
        New(Verdict.Refuse, rule, message, evidence, remedy, canForce);

    public static Finding Warn(string rule, string message, IEnumerable<string> evidence, string? remedy = null) =>
        New(Verdict.Warn, rule, message, evidence, remedy, canForce: true);

    public static Finding Note(string rule, string message, IEnumerable<string> evidence) =>
        New(Verdict.Ok, rule, message, evidence, null, canForce: true);

    /// <summary>The first few names, and how many more there are.</summary>
    public static string Names(IReadOnlyCollection<string> names)
    {
        const int Shown = 4;
        string first = string.Join(", ", names.Take(Shown));
        return names.Count > Shown ? $"{first} and {names.Count - Shown} more" : first;
    }

    private static Finding New(Verdict verdict, string rule, string message, IEnumerable<string> evidence, string? remedy, bool canForce) => new()
    {
        Rule = rule,
        Verdict = verdict,
        Message = message,
        Evidence = [.. evidence.Take(MostEvidence)],
        Remedy = remedy,
        CanForce = canForce,
    };
}
