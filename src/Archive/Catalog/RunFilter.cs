using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

/// <summary>The conditions of a <see cref="RunQuery"/> as SQL and its parameters. Every condition is answered by an index.</summary>
/// <remarks>
/// Tables are named as they are, never by index: a reader who may not see everything has views in their places, see <see cref="CatalogCurtain"/>.
/// </remarks>
/// <param name="query">What is asked.</param>
/// <param name="worded">A JSON array of the places that have the words, where they are known, see <see cref="WordSieve"/>.</param>
internal sealed class RunFilter(RunQuery query, string? worded = null)
{
    /// <summary>Search by trigrams finds nothing shorter.</summary>
    public const int MinTextLength = 3;

    public const string IsNewerElsewhereSql =
        "(r.started_at, r.log_index) > (@FromTime, @FromIndex) and (r.log_index < @Lowest or r.log_index > @Highest)";

    private const string SelectSql =
        """
        select r.log_index as LogIndex, rec.digest as Digest, r.started_at as StartedAt, r.ended_at as EndedAt,
          r.wall_milliseconds as WallMilliseconds, r.exit_code as ExitCode, r.signal as Signal, r.command as Command,
          r.working_folder as WorkingFolder, r.image_reference as ImageReference, r.image_manifest as ImageManifest,
          r.image_tree as ImageTree, r.user_name as UserName, h.hostname as Hostname,
          coalesce(c.microarchitecture, c.brand) as Cpu, r.generated_count as GeneratedCount,
          r.observation as Observation, r.replay_of as ReplayOf, rec.signer_name as SignerName, rec.signer_certificate as SignerCertificate
        """;

    private const string SelectPlaceSql = "select r.log_index as LogIndex, r.started_at as StartedAt";

    private const string FromRunsSql =
        """
        from runs r
        join records rec on rec.log_index = r.log_index
        left join hosts h on h.log_index = r.log_index and h.node = 0
        left join cpus c on c.cpu_id = h.cpu_id
        """;

    // Not by the index of times, which would go through all runs.
    private const string AllSortedSql = "order by +r.started_at desc, +r.log_index desc";

    private const string SortedSql = $"{AllSortedSql}\nlimit @Limit";

    private const string NewestFirstSql = "order by r.started_at desc, r.log_index desc\nlimit @Limit";

    // No property: Dapper would take it for parameters.
    private readonly RunSource[] _sources = [.. SourcesOf(query, worded)];

    public int Limit { get; private init; } = query.Limit;

    public long? Since { get; } = query.Since?.ToUnixTimeMilliseconds();

    public long? Until { get; } = query.Until?.ToUnixTimeMilliseconds();

    public long? AfterTime { get; } = query.After?.StartedAt.ToUnixTimeMilliseconds();

    public long? AfterIndex { get; } = query.After?.LogIndex;

    public bool? Succeeded { get; } = query.Succeeded;

    public SqlBlob? Image { get; } = SqlBlob.Of(query.Image);

    public string? ImageReference { get; } = query.ImageReference;

    /// <summary>Digests of the images' manifests, 32 bytes each: SQLite before 3.41 has no unhex().</summary>
    public SqlBlob? Manifests { get; } = query.Package is null ? null : new SqlBlob([.. (query.Manifests ?? []).SelectMany(manifest => manifest.ToBytes())]);

    /// <summary>A JSON array of the places in <see cref="Manifests"/>, from 1.</summary>
    public string? ManifestPlaces { get; } = query.Package is null ? null
        : JsonArray(Enumerable.Range(0, query.Manifests?.Count ?? 0).Select(number => ((long)number * Digest.SizeBytes) + 1));

    public string? CpuFeature { get; } = query.CpuFeature;

    public string? Injected { get; } = query.Injected;

    public string? LabelName { get; } = query.LabelName;

    public string? LabelValue { get; } = query.LabelValue;

    /// <summary>As one phrase of FTS5, so that no sign in it has a meaning.</summary>
    public string? Text { get; } = query.Text is null ? null : Phrase(query.Text);

    public string? Host { get; } = query.Host;

    public string? Peer { get; } = query.Peer;

    public string? Program { get; } = query.Program;

    public string? Commit { get; } = query.Commit;

    /// <summary>Behind every commit that begins so: the letter after the last hex digit.</summary>
    public string? CommitEnd { get; } = query.Commit is null ? null : $"{query.Commit}g";

    public SqlBlob? Record { get; } = SqlBlob.Of(query.Record);

    public SqlBlob? Signer { get; } = SqlBlob.Of(query.Signer);

    /// <summary>Of the log: what a search looks through first, see <see cref="RunSearch"/>.</summary>
    public long Lowest { get; private init; }

    public long Highest { get; private init; } = long.MaxValue;

    public string? Worded { get; } = worded;

    /// <summary>Runs before this place are not asked for.</summary>
    public long FromTime { get; private init; } = long.MinValue;

    public long FromIndex { get; private init; } = long.MinValue;

    /// <summary>Of one content or path.</summary>
    public long Key { get; private init; }

    /// <summary>Conditions that other tables answer, those first that most often single out few runs.</summary>
    public IReadOnlyList<RunSource> Sources() => _sources;

    /// <summary>What follows a condition on other tables, where the table of runs is called r: conditions on its own columns.</summary>
    public string OwnConditionsSql => And(
        (Since, "r.started_at >= @Since"),
        (AfterTime, "(r.started_at, r.log_index) < (@AfterTime, @AfterIndex)"),
        (Succeeded, Succeeded == true ? "r.exit_code = 0" : "r.exit_code is not 0"),
        (Until, "r.started_at < @Until"));

    /// <summary>All of them, asked for each run that is come upon.</summary>
    public string ConditionsSql => ConditionsBut(null);

    /// <summary>Runs in the order of the index of times: for conditions that many runs fulfil, or none.</summary>
    public string ToSql() => $"{SelectSql}\n{FromRunsSql}\nwhere true{ConditionsSql}\n{NewestFirstSql}";

    /// <summary>The places of the runs of a source, all of them read and put in order: for few.</summary>
    public string FewPlacesSql(RunSource few) =>
        $"{SelectPlaceSql}\nfrom runs r\nwhere r.log_index in (\n{few.AllSql}){ConditionsBut(few)}\n{SortedSql}";

    /// <summary>The places of the runs of a source in the order of the log, the last first, of one part of the log.</summary>
    /// <param name="many">The source.</param>
    /// <param name="arm">That of its columns by which runs fulfil it.</param>
    public string LastPlacesSql(RunSource many, RunSourceArm arm) =>
        $"""
        {SelectPlaceSql}
        from {arm.From}
        cross join runs r on r.log_index = {arm.Place}
        where {arm.Where} and {arm.Place} between @Lowest and @Highest{ConditionsBut(many)}
        order by {arm.Place} desc
        limit @Limit
        """;

    /// <summary>Places of runs of the rest of the log that are newer.</summary>
    public string NewerElsewhereSql() =>
        $"{SelectPlaceSql}\nfrom runs r\nwhere {IsNewerElsewhereSql}{ConditionsSql}\n{NewestFirstSql}";

    /// <summary>The runs in some places of the log.</summary>
    public static string OfPlacesSql => $"{SelectSql}\n{FromRunsSql}\nwhere r.log_index in (select value from json_each(@places))\n{AllSortedSql}";

    /// <summary>One run.</summary>
    public static string OfRecordSql => $"{SelectSql}\n{FromRunsSql}\nwhere rec.digest = @record";

    /// <summary>The same conditions for a part of the log.</summary>
    public RunFilter In(long lowest, long highest, int limit) =>
        new(query, Worded) { Lowest = lowest, Highest = highest, Limit = limit, Key = Key };

    /// <summary>The same conditions for what is newer than this and stands in another part of the log.</summary>
    public RunFilter NewerThan(long time, long index) =>
        new(query, Worded) { Lowest = Lowest, Highest = Highest, FromTime = time, FromIndex = index, Key = Key };

    /// <summary>The same conditions for files of one content or path.</summary>
    public RunFilter Of(long key) => new(query, Worded) { Key = key };

    /// <summary>The same conditions, of which that on words is known to hold in these places alone.</summary>
    public RunFilter WithWordsAt(IEnumerable<long> places) => new(query, JsonArray(places));

    /// <summary>As they were asked for. No property, see above.</summary>
    public string? Words() => query.Text;

    // SQLite's query syntax ends at a NUL, inside of quotation marks too.
    public static string Phrase(string words) => $"\"{words.Replace("\"", "\"\"").Replace('\0', ' ')}\"";

    public static string JsonArray(IEnumerable<long> places) => $"[{string.Join(',', places)}]";

    private string ConditionsBut(RunSource? answered) =>
        OwnConditionsSql + string.Concat(_sources.Where(source => source.AllSql != answered?.AllSql).Select(source => $"\nand {source.HasRunSql}"));

    private static IEnumerable<RunSource> SourcesOf(RunQuery query, string? worded)
    {
        (object? Value, RunSource Source)[] all =
        [
            (query.Record, new(new RunSourceArm("records s", "s.digest = @Record", "s.log_index"))),
            (query.Commit, new(new RunSourceArm("sources s", "s.commit_hash >= @Commit and s.commit_hash < @CommitEnd", "s.log_index", IsOrdered: false))),
            (query.Text, new(worded is null ? new RunSourceArm("run_text", "run_text match @Text", "run_text.rowid")
                : new RunSourceArm("json_each(@Worded) s", "true", "s.value", IsOrdered: false))),
            (query.LabelName, new(new RunSourceArm(
                "labels s", query.LabelValue is null ? "s.name = @LabelName" : "s.name = @LabelName and s.value = @LabelValue", "s.log_index",
                IsOrdered: query.LabelValue is not null))),
            (query.Host, new(new RunSourceArm("hosts s", "s.hostname = @Host", "s.log_index"))),
            (query.Image, new(OwnColumn("image_manifest = @Image"), OwnColumn("image_tree = @Image"), OwnColumn("image_record = @Image"))),
            (query.Package, new(new RunSourceArm(
                $"json_each(@ManifestPlaces) m cross join runs s on s.image_manifest = {ManifestAtSql}", "true", "s.log_index", IsOrdered: false)
            {
                HasRunSql = $"r.image_manifest in (select {ManifestAtSql} from json_each(@ManifestPlaces) m)",
            })),
            (query.ImageReference, new(OwnColumn("image_reference = @ImageReference"))),
            (query.Signer, new(new RunSourceArm("records s", "s.signer_certificate = @Signer", "s.log_index"))),
            (query.Injected, new(
                new RunSourceArm("injected s", "s.soname = @Injected", "s.log_index"),
                new RunSourceArm("injected s", "s.host_name = @Injected", "s.log_index"),
                new RunSourceArm("injected s", "s.host_path = @Injected", "s.log_index"))),
            (query.Peer, new(
                new RunSourceArm("peers s", "s.address = @Peer", "s.log_index"),
                new RunSourceArm("peers s", "s.name = @Peer", "s.log_index"),
                new RunSourceArm("asked_names s", "s.name = @Peer", "s.log_index"))),
            (query.Program, new(
                ProgramOf("p.path = @Program"),
                ProgramOf("p.name = @Program"))),
            (query.CpuFeature, new(new RunSourceArm(
                "cpu_features p cross join hosts s on s.cpu_id = p.cpu_id", "p.feature = @CpuFeature", "s.log_index", IsOrdered: false))),
        ];
        return all.Where(one => one.Value is not null).Select(one => one.Source);
    }

    private static string ManifestAtSql => $"substr(@Manifests, m.value, {Digest.SizeBytes})";

    private static RunSourceArm OwnColumn(string condition) => new("runs s", $"s.{condition}", "s.log_index");

    private static RunSourceArm ProgramOf(string condition) =>
        new("paths p cross join programs s on s.path_id = p.path_id", condition, "s.log_index", IsOrdered: false);

    private static string And(params (object? Value, string Condition)[] conditions) =>
        string.Concat(conditions.Where(one => one.Value is not null).Select(one => $"\nand {one.Condition}"));
}
