namespace Provenance.Runtime.Injection;

/// <summary>Finds the plug-ins that cannot be loaded: something that they, or what they need, ask for is not there.</summary>
internal static class PlugInCheck
{
    /// <param name="set">With all plug-ins in it.</param>
    /// <param name="folders">Of plug-ins.</param>
    /// <param name="unusable">Gets those that cannot be loaded, each with the reason.</param>
    public static void Find(LoadSet set, IReadOnlyList<PlugInFolder> folders, Dictionary<ElfObject, string> unusable)
    {
        var reasons = new Dictionary<ElfObject, string>();
        foreach (var (by, name) in set.Missing.Where(missing => missing.By.IsFromHost))
        {
            reasons.TryAdd(by, $"{name} is missing");
        }

        foreach (var (by, name, found) in set.Links.Where(link => link.By.IsFromHost))
        {
            string[] lacking = InjectionSolver.Lacking(by, name, found);
            if (lacking.Length > 0)
            {
                reasons.TryAdd(by, $"{name} lacks {InjectionFinding.Names(lacking)}");
            }
        }

        var needs = set.Links.ToLookup(link => link.By, link => link.Found);
        foreach (var plugIn in folders.SelectMany(folder => folder.Files))
        {
            if (Reason(plugIn, needs, reasons, []) is { } reason)
            {
                unusable.TryAdd(plugIn, reason);
            }
        }
    }

    private static string? Reason(ElfObject at, ILookup<ElfObject, ElfObject> needs, Dictionary<ElfObject, string> reasons, HashSet<ElfObject> seen)
    {
        if (!seen.Add(at))
        {
            return null;
        }

        return reasons.TryGetValue(at, out string? reason)
            ? reason
            : needs[at].Select(need => Reason(need, needs, reasons, seen)).FirstOrDefault(found => found is not null);
    }
}
