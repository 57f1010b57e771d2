using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

/// <summary>Looks records up, also those that are acknowledged and not yet in the log. Each question is one indexed query.</summary>
public sealed class RecordFinder : IDisposable
{
    private RecordFinder()
    {
    }

    /// <summary>Brings the catalog up to date when it can be written, then opens it for reading.</summary>
    public static RecordFinder Open(BlobStore blobs, FolderSync sync) => throw new NotImplementedException($"{blobs}{sync}");

    /// <param name="name">At least 4 hex digits of a record's digest, with or without <c>sha256:</c>.</param>
    /// <exception cref="RecordNotFoundException">No record begins so.</exception>
    /// <exception cref="AmbiguousRecordException">More than one does.</exception>
    public RecordRow Get(string name) => throw new NotImplementedException(name);

    /// <returns>Null when no record begins so.</returns>
    /// <exception cref="AmbiguousRecordException">More than one does.</exception>
    public RecordRow? Find(string name) => throw new NotImplementedException(name);

    /// <exception cref="BlobMissingException">The statement or the signature is not there.</exception>
    /// <exception cref="DigestMismatchException">One of them is not what its name says.</exception>
    public SignedStatement Read(RecordRow record) => throw new NotImplementedException($"{record}");

    public IReadOnlyList<RunRow> Runs(RunQuery query) => throw new NotImplementedException($"{query}");

    /// <returns>Null when the run is not in the archive.</returns>
    public RunRow? FindRun(Digest run) => throw new NotImplementedException($"{run}");

    /// <summary>Runs that made, read or printed these bytes, newest first.</summary>
    /// <param name="hex">A SHA-256, SHA-512, SHA-1 or MD5, told apart by its length.</param>
    /// <param name="limit">At most this many.</param>
    public IReadOnlyList<FileMatch> FilesByDigest(string hex, int limit = 100) => throw new NotImplementedException($"{hex}{limit}");

    /// <summary>Runs that had a file of this name, newest first.</summary>
    /// <param name="path">An absolute path in the container, a folder ending in a slash, or a file's name alone.</param>
    /// <param name="limit">At most this many.</param>
    public IReadOnlyList<FileMatch> FilesByPath(string path, int limit = 100) => throw new NotImplementedException($"{path}{limit}");

    /// <summary>Replays of a run, newest first.</summary>
    public IReadOnlyList<ReplayRow> ReplaysOf(Digest run) => throw new NotImplementedException($"{run}");

    /// <summary>All image records, newest first.</summary>
    public IReadOnlyList<ImageRow> Images(int limit = 100) => throw new NotImplementedException($"{limit}");

    /// <summary>Image records whose manifest, index, config, tree or one layer has this digest.</summary>
    public IReadOnlyList<ImageRow> ImagesByDigest(Digest digest) => throw new NotImplementedException($"{digest}");

    public void Dispose()
    {
    }
}
