using System.CommandLine;

namespace Provenance.Cli;

/// <summary>A command of <c>prov</c> with all that its help shows, examples included.</summary>
internal abstract class CliCommand(string name, string description) : Command(name, description)
{
    /// <summary>Whether words after <c>--</c> belong to the job and are not read by us.</summary>
    public virtual bool TakesJob => false;

    /// <summary>What stands after the options in the usage line.</summary>
    public virtual string? JobUsage => TakesJob ? "[-- COMMAND…]" : null;

    /// <summary>Each a command line as one would type it, and what it does.</summary>
    public virtual IReadOnlyList<Example> Examples => [];

    /// <summary>Paragraphs that stand below the options in the help; lines are printed as they are.</summary>
    public virtual string? Remarks => null;

    /// <summary>Whether it hashes or signs in any case. Those that need not do so also run where OpenSSL is missing.</summary>
    public virtual bool NeedsOpenSsl => true;

    /// <returns>The exit status.</returns>
    public abstract int Execute(CommandCall call);
}
