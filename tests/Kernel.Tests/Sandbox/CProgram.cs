using System.Diagnostics;

namespace Provenance.Kernel.Tests.Sandbox;

/// <summary>Compiles small C programs into a root, for calls that no shell makes.</summary>
internal static class CProgram
{
    /// <summary>Its path in the container; null when this host has no compiler.</summary>
    public static string? Compile(BusyboxRoot root, string name, string source)
    {
        string file = Path.Combine(root.Path, "work", name + ".c");
        BusyboxRoot.Write(file, source);
        try
        {
            using var gcc = Process.Start("gcc", ["-static", "-pthread", "-o", Path.Combine(root.Path, "bin", name), file]);
            gcc.WaitForExit();
            return gcc.ExitCode == 0 ? $"/bin/{name}" : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
