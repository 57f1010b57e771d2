using Provenance.Cli.Commands;

namespace Provenance.Cli;

/// <summary>Every command there is. Only what is asked for is made: each takes code and memory that a short job would wait for.</summary>
internal static class CommandTree
{
    private static readonly (string Title, string[] Names)[] Sections =
    [
        ("Run", ["run", "replay", "check", "host"]),
        ("Look up", ["log", "show", "find", "tree", "diff", "verify", "endorse", "cite"]),
        ("Keep", ["export", "import", "push", "pull", "image", "key", "archive"]),
        ("Serve", ["serve", "token", "access", "review"]),
        ("Other", ["completion", RecorderCommandName.Text, InternalKeyAgentCommand.Text]),
    ];

    /// <param name="globals">The options that every command has.</param>
    /// <param name="only">The one command to be made, where it is one; null, or any other word, for all.</param>
    public static RootCliCommand Build(out Globals globals, string? only = null)
    {
        globals = new Globals();
        return only is not null && Make(only) is { } command
            ? new RootCliCommand([new HelpSection("", [command])], globals)
            : new RootCliCommand([.. Sections.Select(section => new HelpSection(section.Title, [.. section.Names.Select(name => Make(name)!)]))], globals);
    }

    private static CliCommand? Make(string name) => name switch
    {
        "run" => new RunCommand(),
        "replay" => new ReplayCommand(),
        "check" => new CheckCommand(),
        "host" => new HostCommand(),
        "log" => Log(),
        "show" => new ShowCommand(),
        "find" => new FindCommand(),
        "tree" => new TreeCommand(),
        "diff" => new DiffCommand(),
        "verify" => new VerifyCommand(),
        "endorse" => new EndorseCommand(),
        "cite" => new CiteCommand(),
        "export" => new ExportCommand(),
        "import" => new ImportCommand(),
        "push" => new PushCommand(),
        "pull" => new PullCommand(),
        "image" => Images(),
        "key" => Keys(),
        "archive" => Archive(),
        "serve" => new ServeCommand(),
        "token" => Tokens(),
        "access" => Access(),
        "review" => Reviews(),
        "completion" => new CompletionCommand(),
        RecorderCommandName.Text => new InternalRecorderCommand(),
        InternalKeyAgentCommand.Text => new InternalKeyAgentCommand(),
        _ => null,
    };

    private static LogCommand Log() => new(
        new LogProofCommand(), new LogKeyCommand(), new LogRotateKeyCommand(), new LogAuditCommand(), new LogCosignCommand(), new LogWitnessCommand());

    private static GroupCommand Images() => new(
        "image", "import, pull, push, list, show, join and remove images",
        new ImageImportCommand(), new ImagePullCommand(), new ImagePushCommand(), new ImageListCommand(), new ImageShowCommand(), new ImageRemoveCommand(),
        new GroupCommand("index", "put several images behind one name", new ImageIndexCreateCommand()));

    private static GroupCommand Keys() => new(
        "key", "make, list, certify and trust the keys that sign records",
        new KeyInitCommand(), new KeyListCommand(), new KeyShowCommand(), new KeyUseCommand(), new KeyTrustCommand(),
        new KeyImportCommand(), new KeyRequestCommand(), new KeyInstallCommand(), new KeyIssueCommand(), new KeyRevokeCommand(),
        new KeyRotateCommand(), new KeyAgentCommand());

    private static GroupCommand Tokens() => new(
        "token", "let people write to the archive over the web", new TokenCreateCommand(), new TokenListCommand(), new TokenRevokeCommand());

    private static GroupCommand Access() => new(
        "access", "say who may read what over the web", new AccessSetCommand(), new AccessListCommand(), new AccessTakedownCommand(),
        new AccessQuotaCommand());

    private static GroupCommand Reviews() => new(
        "review", "let reviewers read runs without learning whose they are",
        new ReviewCreateCommand(), new ReviewListCommand(), new ReviewRevokeCommand());

    private static GroupCommand Archive() => new(
        "archive", "make, measure, check, repair and tidy the archive",
        new ArchiveInitCommand(), new ArchiveStatusCommand(), new ArchiveFsckCommand(), new ArchiveReindexCommand(), new ArchiveGcCommand(),
        new ArchiveBackupCommand(), new ArchiveRenewCommand());
}
