using Dapper;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Catalog;

internal sealed partial class CatalogWriter
{
    private void Insert(long index, LogLeaf leaf, RunRecord run)
    {
        InsertRun(index, run);
        InsertText(index);
        InsertHosts(index, run.Hosts);
        InsertLabels(index, run.Labels);
        InsertStreams(index, run);
        InsertInjected(index, run.Injected);
        InsertLists(index, leaf, run);
    }

    private void InsertRun(long index, RunRecord run)
    {
        _connection.Execute(
            """
            insert into runs (
              log_index, image_reference, image_manifest, image_tree, image_record, program, command, working_folder,
              user_name, uid, gid, network, exit_code, signal, started_at, ended_at, wall_milliseconds,
              user_cpu_milliseconds, system_cpu_milliseconds, peak_memory_bytes, used_count, used_bytes,
              generated_count, generated_bytes, observation, replay_of)
            values (
              @index, @reference, @manifest, @tree, @image, @program, @command, @workingFolder,
              @userName, @uid, @gid, @network, @exitCode, @signal, @startedAt, @endedAt, @wall,
              @userCpu, @systemCpu, @peakMemory, @usedCount, @usedBytes,
              @generatedCount, @generatedBytes, @observation, @replayOf)
            """,
            new
            {
                index,
                reference = run.Image.Reference,
                manifest = SqlBlob.Of(run.Image.Manifest),
                tree = SqlBlob.Of(run.Image.Tree),
                image = SqlBlob.Of(run.Image.Record),
                program = run.Invocation.Argv.Count > 0 ? run.Invocation.Argv[0] : "",
                command = CommandText.Of(run.Invocation.Argv),
                workingFolder = run.Invocation.WorkingDirectory,
                userName = run.Invocation.User.Name,
                uid = run.Invocation.User.Uid,
                gid = run.Invocation.User.Gid,
                network = run.Invocation.Network,
                exitCode = run.Outcome.ExitCode,
                signal = run.Outcome.Signal,
                startedAt = run.Outcome.StartedAt.ToUnixTimeMilliseconds(),
                endedAt = run.Outcome.EndedAt.ToUnixTimeMilliseconds(),
                wall = run.Outcome.WallMilliseconds,
                userCpu = run.Outcome.UserCpuMilliseconds,
                systemCpu = run.Outcome.SystemCpuMilliseconds,
                peakMemory = run.Outcome.PeakMemoryBytes,
                usedCount = run.Used.Count,
                usedBytes = run.Used.TotalBytes,
                generatedCount = run.Generated.Count,
                generatedBytes = run.Generated.TotalBytes,
                observation = run.Observation.Files,
                replayOf = SqlBlob.Of(run.ReplayOf),
            },
            transaction);
    }

    /// <summary>FTS5 with external content reads the words from the row just written.</summary>
    private void InsertText(long index) =>
        _connection.Execute(
            """
            insert into run_text (rowid, command, image_reference, working_folder)
            select log_index, command, image_reference, working_folder
            from runs
            where log_index = @index
            """,
            new { index },
            transaction);

    private void InsertLabels(long index, IReadOnlyList<Label> labels) =>
        _connection.Execute(
            """
            insert into labels (log_index, name, value)
            values (@index, @name, @value)
            on conflict do nothing
            """,
            labels.Select(label => new { index, name = label.Name, value = label.Value }),
            transaction);

    private void InsertInjected(long index, IReadOnlyList<InjectedFile> files)
    {
        _connection.Execute(
            """
            insert into injected (log_index, position, host_path, host_name, container_path, soname, build_id, reason)
            values (@index, @position, @hostPath, @hostName, @containerPath, @soname, @buildId, @reason)
            """,
            files.Select((file, position) => new
            {
                index,
                position,
                hostPath = file.HostPath,
                hostName = FileRow.NameOf(file.HostPath),
                containerPath = file.ContainerPath,
                soname = file.Soname,
                buildId = file.BuildId,
                reason = file.Reason,
            }),
            transaction);
        _connection.Execute(
            """
            insert into injected_versions (log_index, position, direction, version)
            values (@index, @position, @direction, @version)
            on conflict do nothing
            """,
            files.SelectMany((file, position) => Versions(file).Select(one =>
                new { index, position, direction = one.Direction, version = one.Version })),
            transaction);
        InsertFiles(files.Select((file, position) => FileRow.Of(index, position, file)));
    }

    private static IEnumerable<(string Direction, string Version)> Versions(InjectedFile file) =>
        file.VersionsProvided.Select(version => ("provided", version))
            .Concat(file.VersionsNeeded.Select(version => ("needed", version)));
}
