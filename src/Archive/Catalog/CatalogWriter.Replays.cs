using Dapper;
using Provenance.Archive.Records;

namespace Provenance.Archive.Catalog;

internal sealed partial class CatalogWriter
{
    private void Insert(long index, ReplayRecord replay)
    {
        _connection.Execute(
            """
            insert into replays (
              log_index, run, verdict, reason, assessed, forced, exit_code, signal, started_at, wall_milliseconds)
            values (@index, @run, @verdict, @reason, @assessed, @forced, @exitCode, @signal, @startedAt, @wall)
            """,
            new
            {
                index,
                run = SqlBlob.Of(replay.Run),
                verdict = CatalogNames.Of(replay.Verdict),
                reason = replay.Reason,
                assessed = CatalogNames.Of(replay.Assessment.Verdict),
                forced = replay.Forced.Count > 0,
                exitCode = replay.Outcome?.ExitCode,
                signal = replay.Outcome?.Signal,
                startedAt = replay.Outcome?.StartedAt.ToUnixTimeMilliseconds(),
                wall = replay.Outcome?.WallMilliseconds,
            },
            transaction);
        InsertHosts(index, [replay.Host]);
        InsertComparisons(index, replay.Comparison);
    }

    private void InsertComparisons(long index, IReadOnlyList<ComparedOutput> outputs) =>
        _connection.Execute(
            """
            insert into comparisons (log_index, position, name, result, decides, first_difference)
            values (@index, @position, @name, @result, @decides, @firstDifference)
            """,
            outputs.Select((output, position) => new
            {
                index,
                position,
                name = output.Name,
                result = CatalogNames.Of(output.Result),
                decides = output.Decides,
                firstDifference = output.FirstDifference?.Offset,
            }),
            transaction);
}
