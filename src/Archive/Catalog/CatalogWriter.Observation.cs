using Provenance.Archive.Records;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Catalog;

internal sealed partial class CatalogWriter
{
    private void InsertObservation(long index, LogLeaf leaf, RunRecord run)
    {
        foreach (var (position, peer) in (run.Network?.Peers ?? []).Index())
        {
            InsertPeer(index, position, peer);
        }

        foreach (string name in run.Network?.Names ?? [])
        {
            InsertAskedName(index, name);
        }

        foreach (var (position, source) in (run.Sources ?? []).Index())
        {
            InsertSource(index, position, source);
        }

        foreach (var (position, library) in (run.Libraries ?? []).Index())
        {
            InsertLibrary(index, position, library);
        }

        InsertPrograms(index, leaf, run.Executed);
    }

    private void InsertPeer(long index, int position, NetworkPeer peer) => _statements.Execute(
        """
        insert into peers (log_index, position, family, protocol, address, port, bound, contacts, name)
        values (@index, @position, @family, @protocol, @address, @port, @bound, @contacts, @name)
        """,
        ("@index", index),
        ("@position", position),
        ("@family", peer.Family),
        ("@protocol", peer.Protocol),
        ("@address", peer.Address),
        ("@port", peer.Port),
        ("@bound", peer.Bound),
        ("@contacts", peer.Count),
        ("@name", peer.Name));

    private void InsertAskedName(long index, string name) => _statements.Execute(
        """
        insert into asked_names (log_index, name)
        values (@index, @name)
        on conflict do nothing
        """,
        ("@index", index),
        ("@name", name));

    private void InsertSource(long index, int position, SourceTree source) => _statements.Execute(
        """
        insert into sources (log_index, position, folder, commit_hash, branch, dirty, remote)
        values (@index, @position, @folder, @commit, @branch, @dirty, @remote)
        """,
        ("@index", index),
        ("@position", position),
        ("@folder", source.Path),
        ("@commit", source.Commit),
        ("@branch", source.Branch),
        ("@dirty", source.Dirty),
        ("@remote", source.Remote));

    private void InsertLibrary(long index, int position, LoadedLibrary library) => _statements.Execute(
        """
        insert into libraries (log_index, position, path, role, hwcaps, sha256)
        values (@index, @position, @path, @role, @hwcaps, @sha256)
        """,
        ("@index", index),
        ("@position", position),
        ("@path", library.Path),
        ("@role", library.Role),
        ("@hwcaps", library.Hwcaps),
        ("@sha256", library.Sha256 is { } hex ? Convert.FromHexString(hex) : null));

    /// <summary>A loop of twenty thousand processes starts few programs: each stands here once.</summary>
    private void InsertPrograms(long index, LogLeaf leaf, LineList? executed)
    {
        if (executed?.Blob is not { } blob)
        {
            return;
        }

        string? problem = Undoing(ListSavepoint, () =>
        {
            using var lines = blobs.Open(blob);
            foreach (var program in RecordLines.ReadExecuted(lines))
            {
                InsertProgram(index, program.Path);
            }
        });
        if (problem is not null)
        {
            InsertProblem(index, leaf, problem);
        }
    }

    private void InsertProgram(long index, string path) => _statements.Execute(
        """
        insert into programs (log_index, path_id, starts)
        values (@index, @path, 1)
        on conflict do update set starts = starts + 1
        """,
        ("@index", index),
        ("@path", FindPath(path) ?? InsertPath(path)));
}
