using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Runtime.Binaries;
using Provenance.Runtime.Recording.Calls;

namespace Provenance.Runtime.Recording;

/// <summary>Puts a run's record together, and its lists to the blobs that become durable with it.</summary>
internal sealed class RunRecordBuilder(RecorderPlan plan, HostProfile host, BlobBatch blobs)
{
    /// <summary>Outputs named as subjects; of a run with more, the list stands for all.</summary>
    private const int MaxSubjects = 1000;

    /// <param name="files">What was learnt of the files.</param>
    /// <param name="requirements">Of its programs and libraries; null when they were not analysed.</param>
    /// <param name="gpuCode">Of the same; null when they have none.</param>
    /// <param name="ended">With the streams.</param>
    public Statement<RunRecord> Build(ObservedFiles files, Requirements? requirements, IReadOnlyList<GpuCode>? gpuCode, RecorderOutcome ended)
    {
        var subjects = new List<Subject>();
        var generated = ListOf(Naming(files.Generated, subjects), file => file.Size, RecordLines.Serialize);
        return new Statement<RunRecord>
        {
            Subject = Subjects(subjects, generated, ended.Outcome),
            PredicateType = StatementTypes.Run,
            Predicate = new RunRecord
            {
                Recorder = RecorderName.Current,
                Invocation = plan.Invocation,
                Image = plan.Image ?? files.Image ?? throw new RecordingException("image: was neither given nor made"),
                Environment = plan.Environment,
                Mounts = files.Mounts ?? plan.Mounts,
                Sandbox = ended.Sandbox,
                Hosts = [host],
                Injected =
                [
                    .. plan.Mounts.Where(ElfBinds.IsOne).Select(mount => InjectedFileProbe.Read(mount.Source!, mount.Destination, "bind")),
                    .. plan.Injected.Select(InjectedFileProbe.Read),
                ],
                Injection = plan.Injection,
                Used = ListOf(files.Used, file => file.Size, RecordLines.Serialize),
                Pinning = ended.Pinning,
                Generated = generated,
                Sought = files.Sought,
                Executed = files.Executed,
                Network = files.Network,
                KernelCalls = files.KernelCalls,
                Sources = files.Sources,
                Libraries = files.Libraries,
                Requirements = requirements,
                GpuCode = gpuCode,
                Hazards = [.. RunHazards.Of(plan, ended, files.Network is not null), .. files.Hazards],
                Outcome = ended.Outcome,
                Observation = files.Observation with { NotSeen = [.. files.Observation.NotSeen, .. OfRequirements(requirements), .. plan.Notes] },
                Labels = plan.Options.Labels,
                ReplayOf = plan.ReplayOf,
            },
        };
    }

    private static string[] OfRequirements(Requirements? requirements) => requirements?.MayLoadMore is null
        ? []
        : ["which programs and libraries were loaded: what is said of them is of what the dynamic linker would load for the command line"];

    /// <summary>Written line by line: a list may be longer than memory is large.</summary>
    private FileList ListOf<T>(IEnumerable<T> files, Func<T, long> size, Func<T, byte[]> line)
    {
        var lines = new LineListWriter(blobs);
        long totalBytes = 0;
        foreach (var file in ReadAhead.Of(files))
        {
            lines.Add(line(file));
            totalBytes += size(file);
        }

        return new FileList { Count = lines.Count, TotalBytes = totalBytes, Blob = lines.Seal() };
    }

    /// <summary>The files as they are; the first that have digests become subjects on the way.</summary>
    private static IEnumerable<GeneratedFile> Naming(IEnumerable<GeneratedFile> generated, List<Subject> subjects)
    {
        foreach (var file in generated)
        {
            if (file.Digest is { } digest && subjects.Count < MaxSubjects)
            {
                subjects.Add(new Subject { Name = file.Path, Digest = digest });
            }

            yield return file;
        }
    }

    private static List<Subject> Subjects(List<Subject> subjects, FileList list, Outcome outcome)
    {
        if (list.Blob is { } blob && list.Count > MaxSubjects)
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
