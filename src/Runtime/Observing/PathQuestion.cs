namespace Provenance.Runtime.Observing;

/// <summary>A path as a call names it.</summary>
/// <param name="Task">The calling thread, as this process numbers it.</param>
/// <param name="Folder">The descriptor that a relative path begins at, or AT_FDCWD.</param>
/// <param name="Follows">Whether a link that is the last name is followed.</param>
internal readonly record struct PathQuestion(int Task, int Folder, bool Follows)
{
    /// <summary>AT_EMPTY_PATH: an empty path means the descriptor itself.</summary>
    public bool EmptyIsFolder { get; init; }

    /// <summary>RESOLVE_IN_ROOT: the descriptor is what the path calls <c>/</c>.</summary>
    public bool FolderIsRoot { get; init; }
}
