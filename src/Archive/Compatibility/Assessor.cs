using Provenance.Archive.Records;

namespace Provenance.Archive.Compatibility;

/// <summary>Judges whether a run can be repeated on a host: records in, verdict out. Reads nothing else.</summary>
public static class Assessor
{
    /// <remarks><paramref name="injectedHere"/> is what this host offers in place of the run's injected files; null when nobody looked.</remarks>
    public static Assessment Assess(RunRecord run, HostProfile here, IReadOnlyList<InjectedFile>? injectedHere = null) =>
        throw new NotSupportedException("assessment: not built yet");

    /// <summary>What <c>--strict</c> makes of it: every warning refuses.</summary>
    public static Assessment Strict(Assessment assessment) => throw new NotSupportedException("assessment: not built yet");

    /// <summary>The rules whose refusal <c>--force</c> sets aside, in order; null when one of them cannot be forced.</summary>
    public static IReadOnlyList<string>? Forced(Assessment assessment) => throw new NotSupportedException("assessment: not built yet");
}
