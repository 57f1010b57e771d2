using Provenance.Archive.Access;
using Provenance.Archive.Content;
using Provenance.Archive.Lineage;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Catalog;

/// <summary>Looks records up, also those that are acknowledged and not yet in the log. Each question is one indexed query.</summary>
/// <remarks>
/// What the catalog on disk does not hold (records in incoming/, the end of the log when the catalog cannot be written, all of it when
/// there is no catalog) goes into a second one in memory, and every question is put to both.
/// </remarks>
public sealed partial class RecordFinder : IDisposable
{
    /// <summary>Digits that people are shown of a content: fewer could be a word of a command line.</summary>
    public const int MinContentDigits = 12;

    private const int MaxCandidates = 10;
    private const int MakersOfOneContent = 100;
    private const int UsersOfOneContent = 1000;
    private const int MostEndorsements = 1000;
    private const int MostEvidence = 100;
    private const int MostTombstones = 100;

    private readonly BlobStore _blobs;
    private readonly LogInclusion _inclusion;
    private readonly CatalogOverlay _overlay;

    /// <summary>Read alone.</summary>
    private readonly OriginProofs _origins;

    private RecordFinder(BlobStore blobs, LogInclusion inclusion, CatalogOverlay overlay)
    {
        _origins = new OriginProofs(blobs.Layout, static _ => { });
        _blobs = blobs;
        _inclusion = inclusion;
        _overlay = overlay;
    }

    /// <summary>Brings log and catalog up to date when they can be written, then opens the catalog for reading.</summary>
    /// <exception cref="CatalogException">The catalog is damaged, newer than this program, or of another log.</exception>
    public static RecordFinder Open(BlobStore blobs, FolderSync sync) => Open(blobs, sync, RecordScope.Everything);

    /// <summary>The same, for somebody who may not read everything: to him the rest is not there, whatever is asked.</summary>
    /// <exception cref="CatalogException">The catalog is damaged, newer than this program, or of another log.</exception>
    public static RecordFinder Open(BlobStore blobs, FolderSync sync, RecordScope scope) =>
        new(blobs, new LogInclusion(blobs.Layout, sync), CatalogOverlay.Open(blobs, sync, scope));

    /// <param name="name">At least 4 hex digits of a record's digest, with or without <c>sha256:</c>.</param>
    /// <exception cref="RecordNotFoundException">No record begins so.</exception>
    /// <exception cref="AmbiguousRecordException">More than one does.</exception>
    public RecordRow Get(string name) => Find(name) ?? throw new RecordNotFoundException(name);

    /// <returns>Null when no record begins so.</returns>
    /// <exception cref="AmbiguousRecordException">More than one does.</exception>
    public RecordRow? Find(string name)
    {
        if (DigestPrefix.Find(name) is not { } prefix)
        {
            return null;
        }

        var rows = _overlay.Ask(catalog => catalog.Records(prefix, MaxCandidates + 1))
            .DistinctBy(row => row.Record)
            .OrderBy(row => row.Record.Hex, StringComparer.Ordinal)
            .ToList();
        return rows.Count > 1
            ? throw new AmbiguousRecordException(name, [.. rows.Take(MaxCandidates).Select(row => row.Record)])
            : rows.SingleOrDefault();
    }

    /// <summary>The record's exact bytes. Whether the signature holds is for <see cref="RecordVerifier"/> to say.</summary>
    /// <exception cref="BlobMissingException">The statement or the signature is not there.</exception>
    /// <exception cref="DigestMismatchException">One of them is not what its name says.</exception>
    public SignedStatement Read(RecordRow record) => new()
    {
        Record = record.Record,
        Kind = record.Kind,
        Statement = _blobs.Read(record.Record, CanonicalJson.MaxBytes),
        Signature = _blobs.Read(record.Signature, CmsVerifier.MaxSignatureBytes),
    };

    /// <summary>What the certificate says that the record's signature names; null when the signature does not hold. Nobody has vouched for it.</summary>
    /// <exception cref="BlobMissingException">The statement or the signature is not there.</exception>
    /// <exception cref="DigestMismatchException">One of them is not what its name says.</exception>
    public SignerCertificate? SignerOf(RecordRow record)
    {
        var signed = Read(record);
        var signature = Signer.Verify(signed.Statement, signed.Signature);
        return signature.ClaimedTime is null ? null : signature.Signer;
    }

    /// <summary>Newest first.</summary>
    /// <exception cref="CatalogException">The text to search is too short.</exception>
    public IReadOnlyList<RunRow> Runs(RunQuery query)
    {
        if (query.Text is { Length: < RunFilter.MinTextLength })
        {
            throw new CatalogException(
                $"text '{query.Text}': has {query.Text.Length} letters, at least {RunFilter.MinTextLength} expected");
        }

        return NewestRuns(FilterOf(query));
    }

    /// <returns>Null when the run is not in the archive.</returns>
    public RunRow? FindRun(Digest run) => _overlay.Ask(catalog => catalog.Run(SqlBlob.Of(run))).FirstOrDefault();

    /// <summary>Regular files that a run had, and its standard input, in order of path.</summary>
    public IReadOnlyList<LineageFile> InputsOf(Digest run) => FirstAnswer(catalog => catalog.InputsOf(SqlBlob.Of(run)));

    /// <summary>The inputs, and what programs keep to be faster.</summary>
    public IReadOnlyList<LineageFile> ReadBy(Digest run) => FirstAnswer(catalog => catalog.ReadBy(SqlBlob.Of(run)));

    /// <summary>Files that a run made and whose content is known, and its standard output, in order of path.</summary>
    public IReadOnlyList<LineageFile> OutputsOf(Digest run) => FirstAnswer(catalog => catalog.OutputsOf(SqlBlob.Of(run)));

    /// <summary>Files with these contents that runs made, of those that ended by this time, at most about a hundred for each.</summary>
    public IReadOnlyList<LineageFile> FilesMade(IReadOnlyCollection<Digest> contents, DateTimeOffset endedBy) =>
        LineageFiles(catalog => catalog.FilesMade(contents, endedBy.ToUnixTimeMilliseconds(), MakersOfOneContent));

    /// <summary>Files with these contents that runs had, of those that started at this time or later, at most about a thousand for each.</summary>
    public IReadOnlyList<LineageFile> FilesUsed(IReadOnlyCollection<Digest> contents, DateTimeOffset startedFrom) =>
        LineageFiles(catalog => catalog.FilesUsed(contents, startedFrom.ToUnixTimeMilliseconds(), UsersOfOneContent));

    /// <summary>Replays of a run, newest first.</summary>
    public IReadOnlyList<ReplayRow> ReplaysOf(Digest run) =>
        [.. _overlay.Ask(catalog => catalog.ReplaysOf(SqlBlob.Of(run))).DistinctBy(row => row.Record)];

    /// <summary>Endorsements of a record, oldest first, at most a thousand.</summary>
    public IReadOnlyList<EndorsementRow> EndorsementsOf(Digest record) =>
    [
        .. _overlay.Ask(catalog => catalog.EndorsementsOf(SqlBlob.Of(record), MostEndorsements))
            .DistinctBy(row => row.Record).Take(MostEndorsements),
    ];

    /// <summary>The same, as a verification asks. A <see cref="EndorsementLookup"/>.</summary>
    public IEnumerable<(Digest Endorsement, Digest Signature)> FindEndorsements(Digest record) =>
        EndorsementsOf(record).Select(row => (row.Record, row.Signature));

    /// <summary>Rotations to a certificate, oldest first, at most a hundred.</summary>
    public IReadOnlyList<RecordRow> RotationsTo(Digest certificate) =>
        [.. _overlay.Ask(catalog => catalog.RotationsTo(SqlBlob.Of(certificate), MostEvidence)).DistinctBy(row => row.Record).Take(MostEvidence)];

    /// <summary>All tombstones, whoever signed them: which of them do something is for <see cref="Catalog.Tombstones"/> to say.</summary>
    public IReadOnlyList<TombstoneRow> Tombstones() => [.. _overlay.Ask(catalog => catalog.Tombstones()).DistinctBy(row => row.Record)];

    /// <summary>Tombstones, whoever signed them, newest first.</summary>
    /// <param name="before">Behind this <see cref="TombstoneRow.Place"/> alone.</param>
    /// <param name="limit">At most.</param>
    public IReadOnlyList<TombstoneRow> TombstonesBefore(long before, int limit) =>
        [.. _overlay.Ask(catalog => catalog.TombstonesBefore(before, limit)).DistinctBy(row => row.Record).Take(limit)];

    /// <summary>Tombstones of the records whose digest begins so, at most a hundred.</summary>
    /// <param name="name">As <see cref="Find"/> takes it; what is no beginning of a digest has none.</param>
    public IReadOnlyList<TombstoneRow> TombstonesOf(string name) => DigestPrefix.Find(name) is { } prefix
        ? [.. _overlay.Ask(catalog => catalog.TombstonesOf(prefix, MostTombstones)).DistinctBy(row => row.Record).Take(MostTombstones)]
        : [];

    /// <summary>
    /// Records of revocation lists by an issuer, or that say so: first those that somebody named has kept, then the others; of each the newest first.
    /// </summary>
    /// <remarks>Anybody can write records of lists in somebody's name, as many as they like, and must not hide those of others by it.</remarks>
    /// <param name="issuer">SHA-256 of the name's DER.</param>
    /// <param name="keepers">SHA-256 of certificates whose records come first; this archive's own keys do besides.</param>
    /// <param name="limit">At most, of each of them and of the others.</param>
    internal IEnumerable<RecordRow> RevocationListsBy(Digest issuer, IEnumerable<Digest> keepers, int limit = KeptRevocationLists.MaxLookedAt) =>
        KeyStore.OwnCertificates(_blobs.Layout).OrderBy(own => own.Hex, StringComparer.Ordinal).Concat(keepers).Distinct()
            .SelectMany(keeper => _overlay.Ask(catalog => catalog.RevocationListsBy(SqlBlob.Of(issuer), SqlBlob.Of(keeper), limit)).Take(limit))
            .Concat(_overlay.Ask(catalog => catalog.RevocationListsBy(SqlBlob.Of(issuer), limit)).Take(limit))
            .DistinctBy(row => row.Record);

    /// <summary>Runs in order of digest.</summary>
    /// <param name="after">From behind this one on; null from the first.</param>
    /// <param name="limit">At most.</param>
    public IReadOnlyList<Digest> RunsAfter(Digest? after, int limit) =>
    [
        .. _overlay.Ask(catalog => catalog.RunsAfter(SqlBlob.Of(after), limit)).Distinct().OrderBy(run => run.Hex, StringComparer.Ordinal).Take(limit),
    ];

    /// <summary>Records of a kind, newest first.</summary>
    public IReadOnlyList<RecordRow> RecordsOf(RecordKind kind, int limit = 100) =>
        [.. _overlay.Ask(catalog => catalog.RecordsOf(StatementTypes.NameOf(kind), limit)).DistinctBy(row => row.Record).Take(limit)];

    /// <summary>What the records say of certificates, as a verification asks.</summary>
    /// <param name="seals">Of this archive; null where they are not asked.</param>
    public TrustEvidence Evidence(SealCheck? seals = null) => new()
    {
        Rotations = certificate => RotationsTo(certificate).Select(row => (row.Record, row.Signature)),
        RevocationLists = (issuer, certificate) => RevocationListsBy(issuer, [certificate]).Select(ListOf).OfType<Digest>(),
        Endorsements = FindEndorsements,
        Seals = seals is null ? null : (record, signature) => FindSeal(record, signature, seals),
    };

    /// <summary>The list that a record keeps; null where the record cannot be read.</summary>
    internal Digest? ListOf(RecordRow row)
    {
        try
        {
            return RecordJson.ParseRevocation(_blobs.Read(row.Record, CanonicalJson.MaxBytes)).Predicate.List.Digest;
        }
        catch (ArchiveException)
        {
            return null; // its own verification says what is the matter
        }
    }

    /// <summary>Some records with all that hangs on them, and is not shown where they are not.</summary>
    internal IReadOnlyCollection<Digest> WithDependents(IReadOnlyCollection<Digest> records) => _overlay.WithDependents(records);

    /// <summary>The manifests of which these are all the image records there are.</summary>
    internal IReadOnlyCollection<Digest> ManifestsOfAll(IReadOnlyCollection<Digest> records) =>
    [
        .. records.SelectMany(record => _overlay.Ask(catalog => catalog.ManifestsOf(SqlBlob.Of(record)))).Distinct()
            .Where(manifest => ImagesByDigest(manifest).Where(image => image.Manifest == manifest).All(image => records.Contains(image.Record))),
    ];

    /// <summary>Image records, newest first.</summary>
    /// <param name="before">Behind this <see cref="ImageRow.Place"/> alone.</param>
    /// <param name="limit">At most.</param>
    public IReadOnlyList<ImageRow> ImagesBefore(long before, int limit) =>
        [.. _overlay.Ask(catalog => catalog.ImagesBefore(before, limit)).DistinctBy(row => row.Record).Take(limit)];

    /// <summary>Replays of all runs, newest first.</summary>
    /// <param name="before">Behind this <see cref="ReplayRow.Place"/> alone.</param>
    /// <param name="limit">At most.</param>
    public IReadOnlyList<ReplayRow> ReplaysBefore(long before, int limit) =>
        [.. _overlay.Ask(catalog => catalog.ReplaysBefore(before, limit)).DistinctBy(row => row.Record).Take(limit)];

    /// <summary>Regular files of all runs, those of the run that came last first.</summary>
    /// <param name="before">Behind this place alone.</param>
    /// <param name="limit">At most.</param>
    public IReadOnlyList<FileMatch> FilesBefore(FilePlace before, int limit) =>
        [.. _overlay.Ask(catalog => catalog.FilesBefore(before, limit)).Take(limit)];

    /// <summary>Image records, newest first.</summary>
    public IReadOnlyList<ImageRow> Images(int limit = 100) =>
        [.. _overlay.Ask(catalog => catalog.Images(limit)).DistinctBy(row => row.Record).Take(limit)];

    /// <summary>Image records whose manifest, index, config, tree, list of packages or one layer has this digest, newest first.</summary>
    public IReadOnlyList<ImageRow> ImagesByDigest(Digest digest) =>
        [.. _overlay.Ask(catalog => catalog.ImagesByDigest(SqlBlob.Of(digest))).DistinctBy(row => row.Record)];

    /// <summary>How many records of a kind there are.</summary>
    public long Count(RecordKind kind) =>
        _overlay.Ask<long>(catalog => [catalog.CountRecords(StatementTypes.NameOf(kind))]).Sum();

    /// <summary>What most runs have in common. It counts every run: not for each question anew.</summary>
    /// <param name="limit">Values of each kind, at most.</param>
    public CatalogFacets Facets(int limit = 20) => Tally().Facets(limit);

    /// <summary>How many there are of everything.</summary>
    /// <param name="before">What was counted before, of the same archive and for the same reader: where it still holds, only the rest is counted.</param>
    public CatalogTally Tally(CatalogTally? before = null)
    {
        var tally = CatalogTally.Of(_overlay.OnDisk, before);
        return _overlay.InMemory is { } more ? tally.And(more) : tally;
    }

    /// <summary>What somebody has signed here.</summary>
    /// <param name="certificate">SHA-256 of the certificate.</param>
    /// <returns>Null when nothing.</returns>
    public SignerCount? FindSigner(Digest certificate) =>
        _overlay.Ask(catalog => catalog.CountSigner(SqlBlob.Of(certificate))).Aggregate((SignerCount?)null, (sum, count) => sum?.And(count) ?? count);

    /// <summary>Certificates of those who signed something here and whose name has these letters.</summary>
    /// <param name="text">Three letters or more; the certificate's name of its subject is all that is known of a person.</param>
    /// <param name="limit">At most.</param>
    public IReadOnlyList<Digest> SignersNamed(string text, int limit) =>
        [.. _overlay.Ask(catalog => catalog.SignersNamed(text, limit)).Distinct().Take(limit)];

    /// <summary>What of the log could not be read into the catalog, one sentence each.</summary>
    public IReadOnlyList<string> Problems() => [.. _overlay.Ask(catalog => catalog.Problems())];

    /// <summary>Records that no other question finds, since nothing of them could be read, each with why.</summary>
    public IReadOnlyList<(Digest Record, string Reason)> Unread() => [.. _overlay.Ask(catalog => catalog.Unread()).DistinctBy(one => one.Record)];

    public void Dispose() => _overlay.Dispose();

    private List<RunRow> NewestRuns(RunFilter filter) =>
    [
        .. _overlay.Ask(catalog => catalog.Runs(filter))
            .DistinctBy(run => run.Record)
            .OrderByDescending(run => run.StartedAt)
            .ThenByDescending(run => run.LogIndex ?? long.MaxValue)
            .Take(filter.Limit),
    ];

    /// <summary>A run's files are all in one catalog.</summary>
    private List<LineageFile> FirstAnswer(Func<CatalogReader, IEnumerable<LineageFile>> ask) =>
        _overlay.Ask(catalog => (IEnumerable<List<LineageFile>>)[[.. ask(catalog)]]).FirstOrDefault(files => files.Count > 0) ?? [];

    private List<LineageFile> LineageFiles(Func<CatalogReader, IEnumerable<LineageFile>> ask) =>
        [.. _overlay.Ask(ask).DistinctBy(file => (file.Run, file.Role, file.Path))];

    private List<FileMatch> NewestFiles(Func<CatalogReader, IEnumerable<FileMatch>> ask, int limit) =>
    [
        .. _overlay.Ask(ask)
            .DistinctBy(file => (file.Run, file.Role, file.Path))
            .OrderByDescending(file => file.StartedAt)
            .Take(limit)
            // The catalog says what the run kept; gc may have dropped it since.
            .Select(file => file with { Kept = file.Kept && file.Sha256 is { } content && _blobs.Contains(content) }),
    ];
}
