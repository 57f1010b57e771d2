using Provenance.Runtime.Native;
using Provenance.Runtime.Observing;
using FileAccess = Provenance.Runtime.Observing.FileAccess;

namespace Provenance.Runtime.Capturing;

/// <summary>Notes while a job runs on the host which files it used, by which names, and which it changed.</summary>
/// <remarks>What the job made itself is no file of the host: it is not among <see cref="Used"/>.</remarks>
internal sealed class CaptureLedger
{
    private const int MaxPaths = 1_000_000;
    private const FileAccess Using = FileAccess.Read | FileAccess.Execute | FileAccess.List;
    private const FileAccess Changing = FileAccess.Write | FileAccess.Truncate | FileAccess.Remove | FileAccess.Create;

    private readonly Dictionary<string, Sight> _sights = new(StringComparer.Ordinal);

    /// <summary>Paths that were not noted because there were too many.</summary>
    public int Beyond { get; private set; }

    /// <summary>Programs and interpreters that were started.</summary>
    public HashSet<string> Executed { get; } = new(StringComparer.Ordinal);

    /// <summary>In order of the paths.</summary>
    public IEnumerable<UsedPath> Used => _sights.Where(sight => sight.Value is { IsUsed: true, Before: not null })
        .OrderBy(sight => sight.Key, StringComparer.Ordinal)
        .Select(sight => new UsedPath
        {
            Path = sight.Key,
            Names = sight.Value.Names ?? [],
            Before = sight.Value.Before!.Value,
            IsWritten = sight.Value.IsChanged,
        });

    /// <summary>Every path that the job may have changed, in order.</summary>
    public IEnumerable<string> Changed => _sights.Where(sight => sight.Value.IsChanged).Select(sight => sight.Key).Order(StringComparer.Ordinal);

    public void Observe(ObservedEvent observed)
    {
        if (observed is FileRenamed renamed)
        {
            Note(renamed.From, null, FileAccess.Remove, null);
            Note(renamed.To, null, FileAccess.Create, null);
        }
        else if (observed is FileTouched touched && (touched.Before is not null || (touched.Access & FileAccess.Create) != 0))
        {
            Note(touched.Path, touched.Named, touched.Access, touched.Before);
        }
    }

    private void Note(string path, string? named, FileAccess access, FileStatus? before)
    {
        if (!_sights.TryGetValue(path, out var sight))
        {
            if (_sights.Count >= MaxPaths)
            {
                Beyond++;
                return;
            }

            _sights.Add(path, sight = new Sight { Before = before });
        }

        sight.IsUsed |= (access & Using) != 0;
        // O_CREAT alone changes nothing where there is a file already.
        sight.IsChanged |= (access & Changing & ~FileAccess.Create) != 0 || ((access & FileAccess.Create) != 0 && before is null);
        if (named is not null)
        {
            (sight.Names ??= new HashSet<string>(StringComparer.Ordinal)).Add(named);
        }

        if ((access & FileAccess.Execute) != 0)
        {
            Executed.Add(path);
        }
    }

    private sealed class Sight
    {
        /// <summary>At the first call that named it; null when nothing stood there.</summary>
        public required FileStatus? Before { get; init; }

        public bool IsUsed { get; set; }

        public bool IsChanged { get; set; }

        public HashSet<string>? Names { get; set; }
    }
}
