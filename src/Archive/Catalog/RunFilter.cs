namespace Provenance.Archive.Catalog;

/// <summary>The conditions of a <see cref="RunQuery"/> as SQL and its parameters. Every condition is answered by an index.</summary>
internal sealed class RunFilter(RunQuery query, SqlBlob? record = null)
{
    /// <summary>Search by trigrams finds nothing shorter.</summary>
    public const int MinTextLength = 3;

    public SqlBlob? Record { get; } = record;

    public int Limit { get; } = query.Limit;

    public long? Since { get; } = query.Since?.ToUnixTimeMilliseconds();

    public long? Until { get; } = query.Until?.ToUnixTimeMilliseconds();

    public long? AfterTime { get; } = query.After?.StartedAt.ToUnixTimeMilliseconds();

    public long? AfterIndex { get; } = query.After?.LogIndex;

    public bool? Succeeded { get; } = query.Succeeded;

    public SqlBlob? Image { get; } = SqlBlob.Of(query.Image);

    public string? ImageReference { get; } = query.ImageReference;

    public string? CpuFeature { get; } = query.CpuFeature;

    public string? Injected { get; } = query.Injected;

    public string? LabelName { get; } = query.LabelName;

    public string? LabelValue { get; } = query.LabelValue;

    /// <summary>As one phrase of FTS5, so that no sign in it has a meaning.</summary>
    // SQLite's query syntax ends at a NUL, inside of quotation marks too.
    public string? Text { get; } = query.Text is null ? null : $"\"{query.Text.Replace("\"", "\"\"").Replace('\0', ' ')}\"";

    public string? Host { get; } = query.Host;

    public string? Peer { get; } = query.Peer;

    public string? Program { get; } = query.Program;

    public string? Commit { get; } = query.Commit;

    /// <summary>Behind every commit that begins so: the letter after the last hex digit.</summary>
    public string? CommitEnd { get; } = query.Commit is null ? null : $"{query.Commit}g";

    public SqlBlob? Signer { get; } = SqlBlob.Of(query.Signer);

    /// <summary>What follows a condition on other tables, where the table of runs is called r.</summary>
    public string ConditionsSql => string.Concat(Conditions().Select(condition => $"\nand {condition}"));

    public string ToSql() =>
        """
        select r.log_index as LogIndex, rec.digest as Digest, r.started_at as StartedAt, r.ended_at as EndedAt,
          r.wall_milliseconds as WallMilliseconds, r.exit_code as ExitCode, r.signal as Signal, r.command as Command,
          r.working_folder as WorkingFolder, r.image_reference as ImageReference, r.image_manifest as ImageManifest,
          r.image_tree as ImageTree, r.user_name as UserName, h.hostname as Hostname,
          coalesce(c.microarchitecture, c.brand) as Cpu, r.generated_count as GeneratedCount,
          r.observation as Observation, r.replay_of as ReplayOf, rec.signer_name as SignerName, rec.signer_certificate as SignerCertificate
        from runs r
        join records rec on rec.log_index = r.log_index
        left join hosts h on h.log_index = r.log_index and h.node = 0
        left join cpus c on c.cpu_id = h.cpu_id
        where true
        """ + ConditionsSql + "\norder by r.started_at desc, r.log_index desc\nlimit @Limit";

    private IEnumerable<string> Conditions() => TimeAndRecord().Concat(ImageConditions()).Concat(Subqueries());

    private IEnumerable<string> TimeAndRecord() => Given(
        (Record, "r.log_index = (select log_index from records where digest = @Record)"),
        (Since, "r.started_at >= @Since"),
        (AfterTime, "(r.started_at, r.log_index) < (@AfterTime, @AfterIndex)"),
        (Succeeded, Succeeded == true ? "r.exit_code = 0" : "r.exit_code is not 0"),
        (Until, "r.started_at < @Until"));

    private IEnumerable<string> ImageConditions() => Given(
        (ImageReference, "r.image_reference = @ImageReference"),
        (Image,
            """
            r.log_index in (
              select log_index from runs where image_manifest = @Image
              union select log_index from runs where image_tree = @Image
              union select log_index from runs where image_record = @Image)
            """));

    private IEnumerable<string> Subqueries() => Given(
        (CpuFeature,
            """
            r.log_index in (
              select on_host.log_index
              from cpu_features f
              join hosts on_host on on_host.cpu_id = f.cpu_id
              where f.feature = @CpuFeature)
            """),
        (Injected,
            """
            r.log_index in (
              select log_index from injected where soname = @Injected
              union select log_index from injected where host_name = @Injected
              union select log_index from injected where host_path = @Injected)
            """),
        (LabelName, LabelValue is null
            ? "r.log_index in (select log_index from labels where name = @LabelName)"
            : "r.log_index in (select log_index from labels where name = @LabelName and value = @LabelValue)"),
        (Text, "r.log_index in (select rowid from run_text where run_text match @Text)"),
        (Host, "r.log_index in (select log_index from hosts where hostname = @Host)"),
        (Peer,
            """
            r.log_index in (
              select log_index from peers where address = @Peer
              union select log_index from peers where name = @Peer
              union select log_index from asked_names where name = @Peer)
            """),
        (Program,
            """
            r.log_index in (
              select started.log_index
              from paths p
              join programs started on started.path_id = p.path_id
              where p.path = @Program or p.name = @Program)
            """),
        (Commit,
            """
            r.log_index in (
              select log_index from sources where commit_hash >= @Commit and commit_hash < @CommitEnd)
            """),
        (Signer, "r.log_index in (select log_index from records where signer_certificate = @Signer)"));

    private static IEnumerable<string> Given(params (object? Value, string Condition)[] conditions) =>
        conditions.Where(one => one.Value is not null).Select(one => one.Condition);
}
