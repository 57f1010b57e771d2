using Dapper;
using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

internal sealed partial class CatalogReader
{
    private const string SelectReplays =
        """
        select p.log_index as LogIndex, rec.digest as Digest, p.run as Run, p.verdict as Verdict, p.reason as Reason, p.assessed as Assessed,
          p.forced as Forced, p.noise_floor as IsNoiseFloor, p.started_at as StartedAt, h.hostname as Hostname,
          coalesce(c.microarchitecture, c.brand) as Cpu,
          rec.signer_name as SignerName, rec.signer_certificate as SignerCertificate
        from replays p
        join records rec on rec.log_index = p.log_index
        left join hosts h on h.log_index = p.log_index and h.node = 0
        left join cpus c on c.cpu_id = h.cpu_id
        """;

    internal const string ReplaysSql =
        $"""
        {SelectReplays}
        where p.run = @run
        order by p.log_index desc
        """;

    /// <summary>Newest first.</summary>
    public IEnumerable<RunRow> Runs(RunFilter filter) =>
        new RunSearch(connection, filter).Find().Select(Row);

    /// <summary>One run, or none.</summary>
    public IEnumerable<RunRow> Run(SqlBlob record) =>
        connection.Query<RawRun>(RunFilter.OfRecordSql, new { record }).Select(Row);

    /// <summary>Replays of a run, newest first.</summary>
    public IEnumerable<ReplayRow> ReplaysOf(SqlBlob run) =>
        connection.Query<RawReplay>(ReplaysSql, new { run }).Select(Row);

    private RunRow Row(RawRun raw) => new()
    {
        Record = Digest.FromHash(raw.Digest),
        LogIndex = InLog(raw.LogIndex),
        StartedAt = Time(raw.StartedAt),
        EndedAt = Time(raw.EndedAt),
        Duration = TimeSpan.FromMilliseconds(raw.WallMilliseconds),
        ExitCode = raw.ExitCode,
        Signal = raw.Signal,
        Command = raw.Command,
        WorkingFolder = raw.WorkingFolder,
        ImageReference = raw.ImageReference,
        ImageManifest = Digest.FromHash(raw.ImageManifest),
        ImageTree = Digest.FromHash(raw.ImageTree),
        UserName = raw.UserName,
        Hostname = raw.Hostname ?? "",
        Cpu = raw.Cpu ?? "",
        GeneratedCount = raw.GeneratedCount,
        Observation = raw.Observation,
        ReplayOf = DigestOrNull(raw.ReplayOf),
        SignerName = raw.SignerName,
        SignerCertificate = DigestOrNull(raw.SignerCertificate),
    };

    private static ReplayRow Row(RawReplay raw) => new()
    {
        Record = Digest.FromHash(raw.Digest),
        Place = raw.LogIndex,
        Run = Digest.FromHash(raw.Run),
        Verdict = CatalogNames.ReplayVerdictOf(raw.Verdict),
        Reason = raw.Reason,
        Assessed = CatalogNames.VerdictOf(raw.Assessed),
        Forced = raw.Forced,
        IsNoiseFloor = raw.IsNoiseFloor,
        StartedAt = raw.StartedAt is { } time ? Time(time) : null,
        Hostname = raw.Hostname ?? "",
        Cpu = raw.Cpu ?? "",
        SignerName = raw.SignerName,
        SignerCertificate = DigestOrNull(raw.SignerCertificate),
    };
}
