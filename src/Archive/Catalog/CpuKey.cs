using System.Text;
using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Catalog;

/// <summary>Names a kind of processor by everything the catalog keeps of it, so that each kind stands there once.</summary>
internal static class CpuKey
{
    /// <summary>SHA-256 over one line for each column and each feature, in the order given.</summary>
    public static Digest Of(CpuProfile cpu)
    {
        string[] lines =
        [
            cpu.Architecture, cpu.Level ?? "", cpu.Microarchitecture ?? "", cpu.Vendor, cpu.Brand,
            $"{cpu.Family}", $"{cpu.Model}", $"{cpu.Stepping}", .. cpu.Features,
        ];
        return Digest.Of(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
    }
}
