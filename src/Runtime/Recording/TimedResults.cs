using Provenance.Archive.Records;
using Provenance.Runtime.Native;
using Provenance.Runtime.Recording.Calls;
using FileKind = Provenance.Archive.Records.FileKind;

namespace Provenance.Runtime.Recording;

/// <summary>Which results of a job have the time of the run in them, each with the place.</summary>
/// <param name="times">Of the run.</param>
internal sealed class TimedResults(RunTimes times)
{
    /// <summary>Only so many files are looked into: a person waits for it.</summary>
    private const int MaxFiles = 1000;

    private readonly List<string> _evidence = [];

    /// <summary>Looks into files.</summary>
    /// <param name="results">As they are now.</param>
    /// <param name="mounts">Those they are in.</param>
    public void Add(IEnumerable<ScannedEntry> results, MountSet mounts)
    {
        byte[] buffer = new byte[RunTimes.LookBytes];
        foreach (var result in results.Where(result => result is { Kind: FileKind.File, Size: > 0 }).Take(MaxFiles))
        {
            if (mounts.Find(result.Path) is not { } mount || mount.TryOpen(result.Path, out var file) != Errno.None)
            {
                continue;
            }

            using (file)
            {
                try
                {
                    Note(result.Path, FindIn(result.Size, buffer, (part, offset) => Files.Read(file, part, offset, "content")));
                }
                catch (SyscallException)
                {
                    // That it cannot be read is told where its digest would be.
                }
            }
        }
    }

    /// <summary>Looks at the beginning of a stream.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="head">Its first bytes.</param>
    public void Add(string name, ReadOnlySpan<byte> head) => Note(name, times.Find(head));

    /// <summary>Null when none has it.</summary>
    public Hazard? Hazard => _evidence.Count == 0 ? null : CallHazards.Of(
        "time-in-results",
        "what the job wrote has the time of the run in it: it will be another each time",
        _evidence,
        "leave the time out, or take it from SOURCE_DATE_EPOCH");

    private string? FindIn(long size, byte[] buffer, Func<byte[], long, int> read)
    {
        int half = buffer.Length / 2;
        if (size <= buffer.Length)
        {
            return times.Find(buffer.AsSpan(0, read(buffer, 0)));
        }

        int first = Math.Min(half, read(buffer, 0));
        if (times.Find(buffer.AsSpan(0, first)) is { } found)
        {
            return found;
        }

        int last = Math.Min(half, read(buffer, size - half));
        return times.Find(buffer.AsSpan(0, last), size - half);
    }

    private void Note(string name, string? found)
    {
        if (found is not null)
        {
            _evidence.Add($"{name}: {found}");
        }
    }
}
