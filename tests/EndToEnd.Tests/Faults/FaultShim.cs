using System.Diagnostics;

namespace Provenance.EndToEnd.Tests.Faults;

/// <summary>A library that is loaded before the C library and lets one call fail: <c>faults.c</c>, compiled on the spot.</summary>
internal static class FaultShim
{
    private const int Eio = 5;
    private const int Enospc = 28;

    /// <summary>Compiles it into the workplace; skips the test where there is no compiler.</summary>
    public static void Compile(Workplace place)
    {
        string source = Path.Combine(ProvBinary.Root, "tests", "EndToEnd.Tests", "Faults", "faults.c");
        try
        {
            using var gcc = Process.Start("gcc", ["-shared", "-fPIC", "-O2", "-o", Path.Combine(place.Folder, "faults.so"), source, "-ldl"]);
            gcc.WaitForExit();
            Assert.Equal(0, gcc.ExitCode);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("gcc is not installed");
        }
    }

    /// <summary>What stands before a command so that the n-th such call on a file of the archive fails in each of its processes.</summary>
    /// <param name="place">Where it was compiled.</param>
    /// <param name="call"><c>fsync</c>, which then has EIO, or <c>write</c>, which has ENOSPC.</param>
    /// <param name="at">From 1.</param>
    /// <param name="lasts">How many fail from there on.</param>
    public static string Before(Workplace place, string call, int at, int lasts = 1) =>
        $"env LD_PRELOAD={place.Folder}/faults.so FAULT_CALL={call} FAULT_AT={at} FAULT_LASTS={lasts} "
        + $"FAULT_ERRNO={(call == "fsync" ? Eio : Enospc)} FAULT_BELOW={place.Archive}";
}
