using Provenance.Archive.Records;

namespace Provenance.Cli.Pages;

/// <summary>What a file has for NVIDIA GPUs, in a line.</summary>
internal static class GpuCodeWords
{
    public static string Of(GpuCode code)
    {
        string[] cubins = [.. code.Images.SelectMany(images => images.Cubins).Distinct()];
        string[] ptx = [.. code.Images.SelectMany(images => images.Ptx).Distinct().Select(one => $"PTX {one.Version} for {one.Target}")];
        return string.Join(", ", cubins.Concat(ptx)) + (code.Problem is { } problem ? $" (not all was read: {problem})" : "");
    }
}
