using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Recording;

/// <summary>What a trial sets before it runs a job again.</summary>
/// <param name="Name">In words, as <c>one thread</c>.</param>
/// <param name="Variables">Take the place of the recorded ones.</param>
/// <param name="OneCpu">The job is given a single CPU.</param>
internal sealed record ReplaySetting(string Name, IReadOnlyList<EnvironmentEntry> Variables, bool OneCpu = false)
{
    public static ReplaySetting Unchanged { get; } = new("unchanged", []);

    /// <summary>Every count of threads that a numeric library looks at, and one CPU for those that count CPUs.</summary>
    public static ReplaySetting OneThread { get; } = new(
        "one thread",
        [
            new("OMP_NUM_THREADS", "1"), new("OPENBLAS_NUM_THREADS", "1"), new("MKL_NUM_THREADS", "1"), new("BLIS_NUM_THREADS", "1"),
            new("NUMEXPR_NUM_THREADS", "1"), new("VECLIB_MAXIMUM_THREADS", "1"), new("NUMBA_NUM_THREADS", "1"), new("JULIA_NUM_THREADS", "1"),
            new("GOMAXPROCS", "1"),
        ],
        OneCpu: true);

    /// <summary>What programs take from their surroundings without being told.</summary>
    public static ReplaySetting FixedLocale { get; } = new(
        "fixed locale and time zone",
        [
            new("LC_ALL", "C.UTF-8"), new("LANG", "C.UTF-8"), new("TZ", "UTC"), new("PYTHONHASHSEED", "0"),
            new("SOURCE_DATE_EPOCH", "0"), new("PERL_HASH_SEED", "0"),
        ]);

    /// <summary>The environment with these variables in it.</summary>
    public IReadOnlyList<EnvironmentEntry> AppliedTo(IReadOnlyList<EnvironmentEntry> environment) =>
        JobEnvironment.With(environment, Variables);
}
