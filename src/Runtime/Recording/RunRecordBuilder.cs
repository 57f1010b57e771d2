using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Binaries;

namespace Provenance.Runtime.Recording;

/// <summary>Puts a run's record together, and its lists to the blobs that become durable with it.</summary>
internal sealed class RunRecordBuilder(RecorderPlan plan, HostProfile host, BlobBatch blobs)
{
    /// <summary>Outputs named as subjects; of a run with more, the list stands for all.</summary>
    private const int MaxSubjects = 1000;

    /// <summary>An ELF file begins so (elf(5), EI_MAG0 to EI_MAG3).</summary>
    private static ReadOnlySpan<byte> ElfMagic => [0x7F, (byte)'E', (byte)'L', (byte)'F'];

    /// <param name="files">What was learnt of the files.</param>
    /// <param name="ended">With the streams.</param>
    public Statement<RunRecord> Build(ObservedFiles files, RecorderOutcome ended)
    {
        var generated = ListOf(files.Generated, file => file.Size, RecordLines.Serialize);
        return new Statement<RunRecord>
        {
            Subject = Subjects(files.Generated, generated, ended.Outcome),
            PredicateType = StatementTypes.Run,
            Predicate = new RunRecord
            {
                Recorder = RecorderName.Current,
                Invocation = plan.Invocation,
                Image = plan.Image,
                Environment = plan.Environment,
                Mounts = plan.Mounts,
                Sandbox = ended.Sandbox,
                Hosts = [host],
                Injected = [.. plan.Mounts.Where(IsElfFile).Select(mount => InjectedFileProbe.Read(mount.Source!, mount.Destination, "bind"))],
                Used = ListOf(files.Used, file => file.Size, RecordLines.Serialize),
                Generated = generated,
                Hazards = [.. RunHazards.Of(plan, ended), .. files.Hazards],
                Outcome = ended.Outcome,
                Observation = files.Observation with { NotSeen = [.. files.Observation.NotSeen, .. plan.Notes] },
                Labels = plan.Options.Labels,
                ReplayOf = plan.ReplayOf,
            },
        };
    }

    private static bool IsElfFile(Mount mount)
    {
        if (!mount.IsFile || !JobPlanner.IsBind(mount) || !File.Exists(mount.Source))
        {
            return false;
        }

        Span<byte> start = stackalloc byte[ElfMagic.Length];
        using var file = File.OpenHandle(mount.Source);
        return RandomAccess.Read(file, start, 0) == start.Length && start.SequenceEqual(ElfMagic);
    }

    /// <summary>Written line by line: a list may be longer than memory is large.</summary>
    private FileList ListOf<T>(IReadOnlyList<T> files, Func<T, long> size, Func<T, byte[]> line)
    {
        if (files.Count == 0)
        {
            return new FileList { Count = 0, TotalBytes = 0 };
        }

        var blob = blobs.Create(MediaTypes.JsonLines);
        foreach (var file in files)
        {
            blob.Write(line(file));
        }

        return new FileList { Count = files.Count, TotalBytes = files.Sum(size), Blob = blob.Seal() };
    }

    private static List<Subject> Subjects(IReadOnlyList<GeneratedFile> generated, FileList list, Outcome outcome)
    {
        var subjects = generated.Where(file => file.Digest is not null)
            .Take(MaxSubjects)
            .Select(file => new Subject { Name = file.Path, Digest = file.Digest! })
            .ToList();
        if (list.Blob is { } blob && generated.Count > MaxSubjects)
        {
            subjects.Add(new Subject
            {
                Name = "generated files",
                Digest = new DigestSet { Sha256 = blob.Digest.Hex, Sha512 = blob.Sha512 },
            });
        }

        if (outcome.Stdout is { } stdout)
        {
            subjects.Add(new Subject { Name = "stdout", Digest = stdout.Digest });
        }

        return subjects;
    }
}
