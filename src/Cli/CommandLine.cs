using System.CommandLine;
using Provenance.Cli.Help;
using Provenance.Runtime.Host;
using Provenance.Runtime.Recording;

namespace Provenance.Cli;

/// <summary>Reads a command line, calls the command, and turns whatever comes of it into lines and an exit status.</summary>
internal sealed class CommandLine(Terminal terminal, TimeProvider time)
{
    /// <summary>The words of the command that runs, for hints.</summary>
    private string _path = "prov";

    // '@file' is a file name for us, not a file of further arguments.
    private static readonly ParserConfiguration Configuration = new() { ResponseFileTokenReplacer = null };

    public int Run(string[] args)
    {
        var workbench = new Workbench(terminal, time);
        try
        {
            int status = Dispatch(args, workbench);
            terminal.Flush();
            return status;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return Failure.Report(e, terminal, workbench, _path);
        }
        finally
        {
            workbench.Dispose();
        }
    }

    private int Dispatch(string[] args, Workbench workbench)
    {
        ByteWords.Check(args);
        var root = CommandTree.Build(out var globals, args.FirstOrDefault());
        var (ours, job) = SplitAtDashes(args);
        var parsed = root.Parse(ours, Configuration);
        var command = (CliCommand)parsed.CommandResult.Command;
        _path = UsageErrors.PathOf(parsed.CommandResult);
        if (parsed.GetValue(globals.Help) || (args.Length == 0))
        {
            terminal.Raw(HelpPage.Of(command, _path, globals));
            return ExitCodes.Success;
        }

        if (parsed.GetValue(globals.Version))
        {
            terminal.Line($"prov {RecorderName.Current.Version}");
            return ExitCodes.Success;
        }

        UsageErrors.ThrowIfAny(parsed, job, command);
        if (command.NeedsOpenSsl)
        {
            OpenSslLibrary.Require();
        }

        return command.Execute(new CommandCall(parsed, job, terminal, workbench));
    }

    /// <summary>What follows the first <c>--</c> is the job's, whatever it looks like.</summary>
    private static (IReadOnlyList<string> Ours, IReadOnlyList<string>? Job) SplitAtDashes(string[] args)
    {
        int dashes = Array.IndexOf(args, "--");
        return dashes < 0 ? (args, null) : (args[..dashes], args[(dashes + 1)..]);
    }
}
