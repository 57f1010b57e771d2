using Provenance.Cli.Commands;

namespace Provenance.Cli;

/// <summary>Every command there is.</summary>
internal static class CommandTree
{
    public static RootCliCommand Build(out Globals globals)
    {
        globals = new Globals();
        return new RootCliCommand(
            [
                new HelpSection("Keep",
                [
                    new GroupCommand(
                        "image", "import, list, show and remove images",
                        new ImageListCommand()),
                    new CompletionCommand(),
                ]),
            ],
            globals);
    }
}
