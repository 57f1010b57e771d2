using System.Globalization;
using System.Text;
using Provenance.Archive.Compatibility;
using Provenance.Archive.Records;

namespace Provenance.Runtime.Pinning;

/// <summary>This machine's /proc/cpuinfo as it would be with another processor: some programs choose their code by it.</summary>
/// <remarks>Source: proc_cpuinfo(5). How many processors there are and how they are joined stays as it is.</remarks>
internal static class CpuInfoText
{
    public static byte[] Of(string here, CpuProfile shown)
    {
        var text = new StringBuilder();
        foreach (string line in here.Split('\n'))
            text.Append(Line(line, shown)).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString().TrimEnd('\n') + "\n\n");
    }

    private static string Line(string line, CpuProfile shown)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return line;
        string? value = line[..colon].Trim() switch
        {
            "vendor_id" => shown.Vendor,
            "cpu family" => shown.Family.ToString(CultureInfo.InvariantCulture),
            "model" => shown.Model.ToString(CultureInfo.InvariantCulture),
            "model name" => shown.Brand,
            "stepping" => shown.Stepping.ToString(CultureInfo.InvariantCulture),
            "microcode" => shown.Microcode,
            "flags" => string.Join(' ', line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Where(word => shown.Features.Contains(word) || !CodeFeatures.IsForCodeOfX86(word))),
            _ => null,
        };
        return value is null ? line : $"{line[..colon]}: {value}";
    }
}
