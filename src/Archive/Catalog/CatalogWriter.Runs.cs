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
        foreach (var label in run.Labels)
        {
            InsertLabel(index, label);
        }

        foreach (var (position, file) in run.Injected.Index())
        {
            InsertInjected(index, position, file);
        }

        InsertStreams(index, run);
        InsertLists(index, leaf, run);
        InsertObservation(index, leaf, run);
    }

    private void InsertRun(long index, RunRecord run) => _statements.Execute(
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
        [
            ("@index", index),
            .. ImageValues(run.Image),
            .. InvocationValues(run.Invocation),
            .. OutcomeValues(run.Outcome),
            ("@usedCount", run.Used.Count),
            ("@usedBytes", run.Used.TotalBytes),
            ("@generatedCount", run.Generated.Count),
            ("@generatedBytes", run.Generated.TotalBytes),
            ("@observation", run.Observation.Files),
            ("@replayOf", run.ReplayOf?.ToBytes()),
        ]);

    private static (string, object?)[] ImageValues(RunImage image) =>
    [
        ("@reference", image.Reference),
        ("@manifest", image.Manifest.ToBytes()),
        ("@tree", image.Tree.ToBytes()),
        ("@image", image.Record.ToBytes()),
    ];

    private static (string, object?)[] InvocationValues(Invocation invocation) =>
    [
        ("@program", invocation.Argv.Count > 0 ? invocation.Argv[0] : ""),
        ("@command", CommandText.Of(invocation.Argv)),
        ("@workingFolder", invocation.WorkingDirectory),
        ("@userName", invocation.User.Name),
        ("@uid", invocation.User.Uid),
        ("@gid", invocation.User.Gid),
        ("@network", invocation.Network),
    ];

    private static (string, object?)[] OutcomeValues(Outcome outcome) =>
    [
        ("@exitCode", outcome.ExitCode),
        ("@signal", outcome.Signal),
        ("@startedAt", outcome.StartedAt.ToUnixTimeMilliseconds()),
        ("@endedAt", outcome.EndedAt.ToUnixTimeMilliseconds()),
        ("@wall", outcome.WallMilliseconds),
        ("@userCpu", outcome.UserCpuMilliseconds),
        ("@systemCpu", outcome.SystemCpuMilliseconds),
        ("@peakMemory", outcome.PeakMemoryBytes),
    ];

    /// <summary>FTS5 with external content takes the words from the row just written.</summary>
    private void InsertText(long index) => _statements.Execute(
        """
        insert into run_text (rowid, command, image_reference, working_folder)
        select log_index, command, image_reference, working_folder
        from runs
        where log_index = @index
        """,
        ("@index", index));

    private void InsertLabel(long index, Label label) => _statements.Execute(
        """
        insert into labels (log_index, name, value)
        values (@index, @name, @value)
        on conflict do nothing
        """,
        ("@index", index),
        ("@name", label.Name),
        ("@value", label.Value));

    private void InsertInjected(long index, int position, InjectedFile file)
    {
        _statements.Execute(
            """
            insert into injected (log_index, position, host_path, host_name, container_path, soname, build_id, reason)
            values (@index, @position, @hostPath, @hostName, @containerPath, @soname, @buildId, @reason)
            """,
            ("@index", index),
            ("@position", position),
            ("@hostPath", file.HostPath),
            ("@hostName", FileRow.NameOf(file.HostPath)),
            ("@containerPath", file.ContainerPath),
            ("@soname", file.Soname),
            ("@buildId", file.BuildId),
            ("@reason", file.Reason));
        InsertVersions(index, position, "provided", file.VersionsProvided);
        InsertVersions(index, position, "needed", file.VersionsNeeded);
        InsertFile(FileRow.Of(index, position, file));
    }

    private void InsertVersions(long index, int position, string direction, IReadOnlyList<string> versions)
    {
        foreach (string version in versions)
        {
            _statements.Execute(
                """
                insert into injected_versions (log_index, position, direction, version)
                values (@index, @position, @direction, @version)
                on conflict do nothing
                """,
                ("@index", index),
                ("@position", position),
                ("@direction", direction),
                ("@version", version));
        }
    }
}
