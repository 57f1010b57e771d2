namespace Provenance.Fuzz;

/// <summary>Every parser of what arrives.</summary>
internal static class Targets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        .. RecordTargets.All, .. LogTargets.All, .. TrustTargets.All, .. ExchangeTargets.All, .. ImageTargets.All, .. RuntimeTargets.All, .. WebTargets.All,
    ];

    /// <summary>Of <see cref="All"/>, or the planted fault.</summary>
    public static FuzzTarget? Find(string name) => name == Planted.Name
        ? new FuzzTarget(Planted.Name, static () => ["AAAA"u8.ToArray()], Planted.Read)
        : All.FirstOrDefault(target => target.Name == name);
}
