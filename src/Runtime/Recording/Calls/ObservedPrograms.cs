using Provenance.Archive.Records;
using Provenance.Runtime.Observing;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>The programs a job starts, passed on as they come: a list of them may be longer than memory is large.</summary>
internal sealed class ObservedPrograms(CallLimits limits, Action<ExecutedProgram> started)
{
    /// <summary>By the process' number less one. More processes than this have an unknown parent.</summary>
    private const int MaxProcesses = 10_000_000;

    private readonly List<int> _parents = [];
    private long _charactersLeft = limits.MaxArgumentCharacters;

    public int Count { get; private set; }

    /// <summary>Programs that were started and not passed on.</summary>
    public int Beyond { get; private set; }

    public void Add(ProcessStarted process)
    {
        if (process.Process != _parents.Count + 1 || _parents.Count >= MaxProcesses)
        {
            return;
        }

        _parents.Add(process.Parent);
    }

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
            Parent = program.Process >= 1 && program.Process <= _parents.Count ? _parents[program.Process - 1] : 0,
            Path = program.Path,
            Argv = SecretArguments.Redact(program.Argv),
            WorkingDirectory = program.WorkingDirectory,
        });
    }
}
