namespace Provenance.Archive.Compatibility;

/// <summary>How many CPUs a list such as <c>0-3,8</c> names.</summary>
public static class CpuCount
{
    /// <summary>0 for what is no such list.</summary>
    public static int Of(string list)
    {
        int count = 0;
        foreach (string part in list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] ends = part.Split('-');
            if (!ushort.TryParse(ends[0], out ushort first) || !ushort.TryParse(ends[^1], out ushort last) || last < first)
            {
                return 0;
            }

            count += last - first + 1;
        }

        return count;
    }
}
