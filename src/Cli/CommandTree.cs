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
                new HelpSection("Run", [new RunCommand(), new ReplayCommand(), new CheckCommand(), new HostCommand()]),
                new HelpSection(
                    "Look up",
                    [Log(), new ShowCommand(), new FindCommand(), new TreeCommand(), new DiffCommand(), new VerifyCommand(), new EndorseCommand()]),
                new HelpSection("Keep", [new ExportCommand(), new ImportCommand(), Images(), Keys(), Archive()]),
                new HelpSection("Other", [new CompletionCommand(), new InternalRecorderCommand()]),
            ],
            globals);
    }

    private static LogCommand Log() => new(
        new LogProofCommand(), new LogKeyCommand(), new LogAuditCommand(), new LogCosignCommand(), new LogWitnessCommand());

    private static GroupCommand Images() => new(
        "image", "import, list, show, join and remove images",
        new ImageImportCommand(), new ImageListCommand(), new ImageShowCommand(), new ImageRemoveCommand(),
        new GroupCommand("index", "put several images behind one name", new ImageIndexCreateCommand()));

    private static GroupCommand Keys() => new(
        "key", "make, list, certify and trust the keys that sign records",
        new KeyInitCommand(), new KeyListCommand(), new KeyShowCommand(), new KeyUseCommand(), new KeyTrustCommand(),
        new KeyImportCommand(), new KeyRequestCommand(), new KeyInstallCommand(), new KeyIssueCommand(), new KeyRevokeCommand());

    private static GroupCommand Archive() => new(
        "archive", "make, measure, check, repair and tidy the archive",
        new ArchiveInitCommand(), new ArchiveStatusCommand(), new ArchiveFsckCommand(), new ArchiveReindexCommand(), new ArchiveGcCommand(),
        new ArchiveBackupCommand(), new ArchiveRenewCommand());
}
