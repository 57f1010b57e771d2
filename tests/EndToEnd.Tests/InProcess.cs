using System.Text;
using Provenance.Cli;

namespace Provenance.EndToEnd.Tests;

/// <summary>Calls the program without starting it: for what touches neither archive nor machine.</summary>
internal static class InProcess
{
    public static CommandResult Run(params string[] args)
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        int status;
        using (var terminal = new Terminal(output, error, outputIsTerminal: false, errorIsTerminal: false, colours: false))
            status = new CommandLine(terminal, TimeProvider.System).Run(args);
        return new CommandResult(status, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
    }
}
