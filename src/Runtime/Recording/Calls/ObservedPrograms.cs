using Provenance.Archive.Records;
using Provenance.Runtime.Observing;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>The programs a job starts, passed on as they come: a list of them may be longer than memory is large.</summary>
/// <param name="limits">What is passed on.</param>
/// <param name="processes">Those seen so far.</param>
/// <param name="started">Is given each.</param>
internal sealed class ObservedPrograms(CallLimits limits, ProcessTree processes, Action<ExecutedProgram> started)
{
    private long _charactersLeft = limits.MaxArgumentCharacters;

    public int Count { get; private set; }

    /// <summary>Programs that were started and not passed on.</summary>
    public int Beyond { get; private set; }

    public void Add(ProgramStarted program)
    {
        long characters = program.Argv.Sum(argument => (long)argument.Length);
        if (Count >= limits.MaxPrograms || characters > _charactersLeft)
        {
            Beyond++;
            return;
        }

        Count++;
        _charactersLeft -= characters;
        started(new ExecutedProgram
        {
            Process = program.Process,
            Parent = processes.ParentOf(program.Process),
            Path = program.Path,
            Argv = SecretArguments.Redact(program.Argv),
            WorkingDirectory = program.WorkingDirectory,
        });
    }
}
