namespace Provenance.Cli;

/// <summary><c>prov</c> itself.</summary>
internal sealed class RootCliCommand : CliCommand
{
    public RootCliCommand(IReadOnlyList<HelpSection> sections, Globals globals)
        : base("prov", "run a job in a container, keep a signed record of what made its results, and run it again years later")
    {
        Sections = sections;
        foreach (var command in sections.SelectMany(s => s.Commands))
        {
            Subcommands.Add(command);
        }

        Options.Add(globals.Help);
        Options.Add(globals.Version);
    }

    public IReadOnlyList<HelpSection> Sections { get; }

    public override string Remarks => """
        Exit status: the job's own (128+N when signal N ended it); else
          0    done; replay: reproduced; check: this machine can
          1    replay: differs; verify, fsck, log audit: something is wrong; find: nothing found
          2    the command line is wrong
          3    run, replay, check, log audit: refused
          4    replay: could not be compared
          5    log audit: forked or rewritten; 6 rolled back
          125  prov failed; 126 the command cannot be executed; 127 it was not found

        The archive is $PROV_ARCHIVE, else $XDG_DATA_HOME/prov, else ~/.local/share/prov; it is made at first use.
        Where the key is encrypted ('prov key init --encrypt'), $PROV_PASSPHRASE_FILE names a file with its passphrase.
        'prov COMMAND --help' shows what a command takes, with examples.
        """;

    public override IReadOnlyList<Example> Examples =>
    [
        new("prov image import debian.tar", "take an image into the archive, whatever it is packed as"),
        new("prov run --record debian -- python3 fit.py", "run a job in it and keep a signed record"),
        new("prov replay 7f3a9c", "ask whether this machine can repeat the run, repeat it, and compare the results"),
    ];

    public override int Execute(CommandCall call) => throw new UsageException("no command given");
}
