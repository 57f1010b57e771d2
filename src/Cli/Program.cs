using Provenance.Archive.Trust;

namespace Provenance.Cli;

/// <summary>The program <c>prov</c>: parse, call, print.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        using var terminal = Terminal.OfProcess();
        KeyPassphrase.Ask = PassphraseQuestion.Ask;
        return new CommandLine(terminal, TimeProvider.System).Run(args);
    }
}
