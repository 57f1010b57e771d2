using Provenance.Archive.Content;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Catalog;

internal sealed partial class CatalogWriter
{
    private const string ListSavepoint = "list";

    private void InsertStreams(long index, RunRecord run)
    {
        var stdin = run.Invocation.Stdin;
        if (stdin.Digest is { } digest)
        {
            InsertFile(FileRow.OfStream(index, FileRole.Stdin, digest, stdin.Size ?? 0, stdin.Kept is not null));
        }

        InsertStream(index, FileRole.Stdout, run.Outcome.Stdout);
        InsertStream(index, FileRole.Stderr, run.Outcome.Stderr);
    }

    private void InsertStream(long index, FileRole role, StreamOutcome? stream)
    {
        if (stream is not null)
        {
            bool whole = stream.Kept?.Size == stream.Size;
            InsertFile(FileRow.OfStream(index, role, stream.Digest, stream.Size, whole));
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

    /// <summary>A list of a million files is never in memory as a whole.</summary>
    private void InsertList(long index, LogLeaf leaf, Descriptor? list, Func<Stream, IEnumerable<FileRow>> read)
    {
        if (list is null)
        {
            return;
        }

        string? problem = Undoing(ListSavepoint, () =>
        {
            using var lines = blobs.Open(list);
            foreach (var file in read(lines))
            {
                InsertFile(file);
            }
        });
        if (problem is not null)
        {
            InsertProblem(index, leaf, problem);
        }
    }

    private void InsertFile(FileRow file)
    {
        long path = FindPath(file.Path) ?? InsertPath(file.Path);
        long? content = file.Sha256 is null ? null : FindContent(file) ?? InsertContent(file);
        _statements.Execute(
            """
            insert into files (log_index, role, position, path_id, content_id, kind, change, bytes, kept, use, class)
            values (@index, @role, @position, @path, @content, @kind, @change, @bytes, @kept, @use, @class)
            """,
            ("@index", file.LogIndex),
            ("@role", (int)file.Role),
            ("@position", file.Position),
            ("@path", path),
            ("@content", content),
            ("@kind", file.Kind),
            ("@change", file.Change),
            ("@bytes", file.Bytes),
            ("@kept", file.Kept),
            ("@use", file.Use),
            ("@class", file.Class));
    }

    private long? FindPath(string path) => (long?)_statements.Scalar(
        """
        select path_id
        from paths
        where path = @path
        """,
        ("@path", path));

    private long InsertPath(string path) => (long)_statements.Scalar(
        """
        insert into paths (path, name)
        values (@path, @name)
        returning path_id
        """,
        ("@path", path),
        ("@name", FileRow.NameOf(path)))!;

    /// <summary>Contents that agree in SHA-256 and not in the others are kept apart: that is for a verifier to judge.</summary>
    private long? FindContent(FileRow file) => (long?)_statements.Scalar(
        """
        select content_id
        from contents indexed by contents_by_sha256
        where sha256 = @sha256 and sha512 is @sha512 and sha1 is @sha1 and md5 is @md5
        """,
        ("@sha256", file.Sha256),
        ("@sha512", file.Sha512),
        ("@sha1", file.Sha1),
        ("@md5", file.Md5));

    private long InsertContent(FileRow file) => (long)_statements.Scalar(
        """
        insert into contents (sha256, sha512, sha1, md5)
        values (@sha256, @sha512, @sha1, @md5)
        returning content_id
        """,
        ("@sha256", file.Sha256),
        ("@sha512", file.Sha512),
        ("@sha1", file.Sha1),
        ("@md5", file.Md5))!;
}
