using Provenance.Runtime.Recording;

namespace Provenance.Cli;

/// <summary>How this program is started again.</summary>
internal static class SelfCommand
{
    /// <summary>Published we are one file; under <c>dotnet prov.dll</c> the file that runs is the runtime's.</summary>
    public static RecorderCommand For(string command)
    {
        string program = Environment.ProcessPath ?? "/proc/self/exe";
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? new RecorderCommand(program, [Path.Combine(AppContext.BaseDirectory, "prov.dll"), command])
            : new RecorderCommand(program, [command]);
    }
}
