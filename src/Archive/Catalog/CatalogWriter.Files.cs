using Dapper;
using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Catalog;

internal sealed partial class CatalogWriter
{
    /// <summary>Rows written together; a list of a million files is never in memory as a whole.</summary>
    private const int ChunkRows = 2048;

    private const string ListSavepoint = "list";

    private void InsertStreams(long index, RunRecord run)
    {
        var stdin = run.Invocation.Stdin;
        if (stdin.Digest is { } digest)
        {
            InsertFiles([FileRow.OfStream(index, FileRole.Stdin, digest, stdin.Size ?? 0, stdin.Kept is not null)]);
        }

        InsertStream(index, FileRole.Stdout, run.Outcome.Stdout);
        InsertStream(index, FileRole.Stderr, run.Outcome.Stderr);
    }

    private void InsertStream(long index, FileRole role, StreamOutcome? stream)
    {
        if (stream is not null)
        {
            bool whole = stream.Kept?.Size == stream.Size;
            InsertFiles([FileRow.OfStream(index, role, stream.Digest, stream.Size, whole)]);
        }
    }

    /// <summary>A list that is missing or damaged costs its own rows only: the run itself is still found.</summary>
    private void InsertLists(long index, LogLeaf leaf, RunRecord run)
    {
        InsertList(index, leaf, run.Used.Blob, lines =>
            RecordLines.ReadUsed(lines).Select((file, position) => FileRow.Of(index, position, file)));
        InsertList(index, leaf, run.Generated.Blob, lines =>
            RecordLines.ReadGenerated(lines).Select((file, position) => FileRow.Of(index, position, file)));
    }

    private void InsertList(long index, LogLeaf leaf, Descriptor? list, Func<Stream, IEnumerable<FileRow>> read)
    {
        if (list is null)
        {
            return;
        }

        transaction.Save(ListSavepoint);
        try
        {
            using var lines = blobs.Open(list);
            InsertFiles(read(lines));
            transaction.Release(ListSavepoint);
        }
        catch (ArchiveException e)
        {
            transaction.Rollback(ListSavepoint);
            transaction.Release(ListSavepoint);
            InsertProblem(index, leaf, e.Message);
        }
    }

    private void InsertFiles(IEnumerable<FileRow> files)
    {
        foreach (var chunk in files.Chunk(ChunkRows))
        {
            InsertPaths(chunk);
            InsertContents([.. chunk.Where(file => file.Sha256 is not null)]);
            InsertRows(chunk);
        }
    }

    private void InsertPaths(IEnumerable<FileRow> files) =>
        _connection.Execute(
            """
            insert into paths (path, name)
            values (@Path, @Name)
            on conflict do nothing
            """,
            files,
            transaction);

    private void InsertContents(IEnumerable<FileRow> files) =>
        _connection.Execute(
            """
            insert into contents (sha256, sha512, sha1, md5)
            select @Sha256, @Sha512, @Sha1, @Md5
            where not exists (
              select 1
              from contents indexed by contents_by_sha256
              where sha256 = @Sha256 and sha512 is @Sha512 and sha1 is @Sha1 and md5 is @Md5)
            """,
            files,
            transaction);

    private void InsertRows(IEnumerable<FileRow> files) =>
        _connection.Execute(
            """
            insert into files (log_index, role, position, path_id, content_id, kind, change, bytes, kept)
            values (
              @LogIndex, @Role, @Position,
              (select path_id from paths where path = @Path),
              (
                select content_id
                from contents indexed by contents_by_sha256
                where sha256 = @Sha256 and sha512 is @Sha512 and sha1 is @Sha1 and md5 is @Md5
              ),
              @Kind, @Change, @Bytes, @Kept)
            """,
            files,
            transaction);
}
