using Provenance.Archive.Records;
using Provenance.Runtime.Native;
using Provenance.Runtime.Observing;
using FileAccess = Provenance.Runtime.Observing.FileAccess;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>What a job's calls come to. Takes the events one by one, keeps none of them, and does nothing itself.</summary>
/// <remarks>
/// A path is told apart from what stands there. What stood somewhere when the job began is known by that first path; rename(2) moves it,
/// creat(2) puts the job's own in its place, and reading what is the job's own is no use of an input.
/// </remarks>
internal sealed class CallLog
{
    private readonly CallLimits _limits;
    private readonly Func<string, ScannedEntry?> _listed;
    private readonly Dictionary<string, TouchedPath> _paths = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _sought = new(StringComparer.Ordinal);
    private readonly MovedFolders _moved;
    private readonly ObservedNetwork _network;
    private readonly ProcessTree _processes = new();
    private readonly ObservedPrograms _programs;
    private readonly Dictionary<string, int> _notes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _clocks = new(StringComparer.Ordinal);
    private readonly HashSet<string> _losses = new(StringComparer.Ordinal);

    /// <param name="limits">What is kept.</param>
    /// <param name="listed">Finds a path in the listing from before the job, so that nothing is in memory twice.</param>
    /// <param name="started">Is given each program, in order.</param>
    public CallLog(CallLimits limits, Func<string, ScannedEntry?> listed, Action<ExecutedProgram> started)
    {
        _limits = limits;
        _listed = listed;
        _moved = new MovedFolders(limits.MaxMovedFolders);
        _network = new ObservedNetwork(limits.MaxPeers);
        _programs = new ObservedPrograms(limits, _processes, started);
        SharedWrites = new SharedWrites(_processes);
    }

    /// <summary>Is told when the content of what stood somewhere at first is used for the first time: the moment to read it.</summary>
    public Action<TouchedPath>? ContentUsed { get; init; }

    public IReadOnlyDictionary<string, TouchedPath> Paths => _paths;

    /// <summary>Paths looked for in vain, and how often.</summary>
    public IReadOnlyDictionary<string, int> Sought => _sought;

    public MovedFolders Moved => _moved;

    public ObservedNetwork Network => _network;

    public ObservedLibraries Libraries { get; } = new();

    public ObservedPrograms Programs => _programs;

    public SharedWrites SharedWrites { get; }

    /// <summary>Programs that were started and tell the time, by path.</summary>
    public IReadOnlySet<string> Clocks => _clocks;

    /// <summary>Names of <see cref="CallNoted"/>, and how often.</summary>
    public IReadOnlyDictionary<string, int> Notes => _notes;

    /// <summary>Sentences on what was not seen.</summary>
    public IReadOnlyCollection<string> Losses => _losses;

    public int PathsBeyond { get; private set; }

    public int SoughtBeyond { get; private set; }

    /// <summary>Whether anything was seen at all: a job's first event is that it began.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>Whether the job's own calls explain all that it did, as far as the observer knows.</summary>
    public bool IsWhole => _losses.Count == 0 && PathsBeyond == 0 && _moved.Beyond == 0;

    public void Add(ObservedEvent observed)
    {
        IsEmpty = false;
        switch (observed)
        {
            case FileTouched touched:
                Add(touched);
                break;
            case FileRenamed renamed:
                Add(renamed);
                break;
            case ProcessStarted process:
                _processes.Add(process);
                break;
            case ProgramStarted program:
                _programs.Add(program);
                AddClock(program);
                break;
            case PeerContacted peer:
                _network.Add(peer);
                break;
            case NameAsked asked:
                _network.Add(asked.Name);
                break;
            case CallNoted noted:
                _notes[noted.What] = _notes.GetValueOrDefault(noted.What) + 1;
                break;
            case ObservedLoss loss:
                _losses.Add(loss.Sentence);
                break;
        }
    }

    private void Add(FileTouched call)
    {
        string path = ProcPath.Common(call.Path);
        bool known = _paths.TryGetValue(path, out var touched);
        if (call.Before is null && (call.Access & FileAccess.Create) == 0)
        {
            // A job that looks whether its own file is gone depends on nobody else's.
            AddSought(path, known);
            return;
        }

        if (!known)
        {
            if (_paths.Count >= _limits.MaxPaths)
            {
                PathsBeyond++;
                return;
            }

            touched = Begin(path, call);
            _paths.Add(touched.Path, touched);
        }

        if ((call.Access & FileAccess.Socket) != 0)
        {
            _network.AddSocket(path, isBound: (call.Access & FileAccess.Create) != 0);
        }

        SharedWrites.Add(touched!.Path, call);
        Apply(touched, path, call);
    }

    /// <summary>date(1); busybox has it under that name too. Other programs read the clock without a call.</summary>
    private void AddClock(ProgramStarted program)
    {
        if (program.Argv.Count > 0 && Path.GetFileName(program.Argv[0]) == "date" && _clocks.Count < _limits.MaxPrograms)
        {
            _clocks.Add(program.Path);
        }
    }

    /// <summary>What stands at a path that no call named before stood there at first, or came with a folder that was moved.</summary>
    private TouchedPath Begin(string path, FileTouched call)
    {
        if (_moved.FindOrigin(path) is not { } origin || call.Before is null)
        {
            return New(path, call.Before);
        }

        if (!_paths.TryGetValue(origin, out var original))
        {
            original = New(origin, call.Before);
            _paths.Add(original.Path, original);
        }

        return new TouchedPath(path, first: null) { Now = original.Now };
    }

    private TouchedPath New(string path, FileStatus? before)
    {
        var listed = _listed(path);
        if (before is not { } status)
        {
            return new TouchedPath(listed?.Path ?? path, first: null);
        }

        return listed is not null && listed.Identity == FileIdentity.Of(status)
            ? new TouchedPath(listed.Path, listed)
            : new TouchedPath(listed?.Path ?? path, ScannedEntry.Of(listed?.Path ?? path, status, target: null));
    }

    private void Apply(TouchedPath touched, string path, FileTouched call)
    {
        touched.Access |= call.Access;
        if (call.Before is { } status)
        {
            touched.Kind = ScannedEntry.KindOf(status.Type);
        }
        else
        {
            touched.Now = null;
            MarkParent(path);
        }

        if (TouchedPath.Changes(call.Access))
        {
            touched.Now?.AskedToChange = true;
        }

        if ((call.Access & FileAccess.Read) != 0 && touched.Kind == FileKind.File)
        {
            Libraries.Add(path, call.Named);
        }

        if ((call.Access & FileAccess.Execute) != 0)
        {
            UseContent(touched.Now, path, FileUse.Executed);
        }
        else if ((call.Access & FileAccess.Read) != 0 && (call.Access & FileAccess.Truncate) == 0)
        {
            UseContent(touched.Now, path, FileUse.Read);
        }

        if ((call.Access & FileAccess.Truncate) != 0)
        {
            touched.Now = null;
        }
        else if ((call.Access & FileAccess.Write) != 0 && touched.Now is { Use: FileUse.Present, Kind: FileKind.File } original)
        {
            UseContent(original, path, FileUse.Extended);
        }
    }

    /// <summary>A call that makes something is not told what: where something is made in it, it was a folder.</summary>
    private void MarkParent(string path)
    {
        int slash = path.LastIndexOf('/');
        if (slash > 0 && _paths.TryGetValue(path[..slash], out var parent))
        {
            parent.Kind = FileKind.Folder;
        }
    }

    private void UseContent(TouchedPath? original, string path, FileUse use)
    {
        if (original is not { Stood: true })
        {
            return;
        }

        bool first = original.Use == FileUse.Present;
        if (first || original.Use == FileUse.Extended || use == FileUse.Executed)
        {
            original.Use = use;
        }

        if (first && original.Kind == FileKind.File)
        {
            original.MovedTo = path == original.Path ? null : path;
            ContentUsed?.Invoke(original);
        }
    }

    private void Add(FileRenamed call)
    {
        string from = ProcPath.Common(call.From);
        string to = ProcPath.Common(call.To);
        if (!_paths.TryGetValue(from, out var old) || !_paths.TryGetValue(to, out var made))
        {
            return;
        }

        made.Now = old.Now;
        made.Kind = old.Kind;
        if (call.KeepsOld)
        {
            // A second name changes the time of status, and nothing else.
            old.Access |= FileAccess.Attributes;
            return;
        }

        old.Now = null;
        if (old.Kind == FileKind.Folder)
        {
            _moved.Add(old.Path, made.Path);
        }
    }

    private void AddSought(string path, bool known)
    {
        if (_sought.TryGetValue(path, out int count))
        {
            _sought[path] = count + 1;
        }
        else if (!known && _sought.Count < _limits.MaxSought)
        {
            _sought.Add(path, 1);
        }
        else if (!known)
        {
            SoughtBeyond++;
        }
    }
}
