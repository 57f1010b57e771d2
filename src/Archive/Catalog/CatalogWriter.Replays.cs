using Provenance.Archive.Records;

namespace Provenance.Archive.Catalog;

internal sealed partial class CatalogWriter
{
    private void Insert(long index, ReplayRecord replay)
    {
        _statements.Execute(
            """
            insert into replays (
              log_index, run, verdict, reason, assessed, forced, exit_code, signal, started_at, wall_milliseconds,
              agreement, noise_floor)
            values (@index, @run, @verdict, @reason, @assessed, @forced, @exitCode, @signal, @startedAt, @wall,
              @agreement, @noiseFloor)
            """,
            ("@index", index),
            ("@run", replay.Run.ToBytes()),
            ("@verdict", CatalogNames.Of(replay.Verdict)),
            ("@reason", replay.Reason),
            ("@assessed", CatalogNames.Of(replay.Assessment.Verdict)),
            ("@forced", replay.Forced.Count > 0),
            ("@exitCode", replay.Outcome?.ExitCode),
            ("@signal", replay.Outcome?.Signal),
            ("@startedAt", replay.Outcome?.StartedAt.ToUnixTimeMilliseconds()),
            ("@wall", replay.Outcome?.WallMilliseconds),
            ("@agreement", replay.Agreement is { } agreement ? CatalogNames.Of(agreement) : null),
            ("@noiseFloor", replay.Purpose == ReplayPurpose.NoiseFloor));
        InsertHosts(index, [replay.Host]);
        foreach (var (position, output) in replay.Comparison.Index())
        {
            InsertComparison(index, position, output);
        }
    }

    private void InsertComparison(long index, int position, ComparedOutput output) => _statements.Execute(
        """
        insert into comparisons (log_index, position, name, result, decides, first_difference)
        values (@index, @position, @name, @result, @decides, @firstDifference)
        """,
        ("@index", index),
        ("@position", position),
        ("@name", output.Name),
        ("@result", CatalogNames.Of(output.Result)),
        ("@decides", output.Decides),
        ("@firstDifference", output.FirstDifference?.Offset));
}
