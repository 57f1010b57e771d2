using Provenance.Archive.Content;

namespace Provenance.Archive.Catalog;

/// <summary>Files by what they hold and by where they stood.</summary>
public sealed partial class RecordFinder
{
    /// <inheritdoc cref="FilesByDigest(string, RunQuery)"/>
    public IReadOnlyList<FileMatch> FilesByDigest(string hex, int limit = 100) => FilesByDigest(hex, new RunQuery { Limit = limit });

    /// <summary>Runs that made, read or printed these bytes, newest first.</summary>
    /// <param name="hex">A SHA-256, SHA-512, SHA-1 or MD5, told apart by its length.</param>
    /// <param name="query">Which runs count, and how many files at most.</param>
    /// <exception cref="FormatException">The text is no digest of one of these.</exception>
    public IReadOnlyList<FileMatch> FilesByDigest(string hex, RunQuery query)
    {
        byte[] digest = Convert.FromHexString(hex);
        string column = digest.Length switch
        {
            16 => "md5",
            20 => "sha1",
            32 => "sha256",
            64 => "sha512",
            _ => throw new FormatException($"'{hex}' is no SHA-256, SHA-512, SHA-1 or MD5"),
        };
        var runs = FilterOf(query);
        return NewestFiles(catalog => catalog.FilesByDigest(column, new SqlBlob(digest), runs), query.Limit);
    }

    /// <summary>The content of which people are shown the first digits.</summary>
    /// <param name="text">At least <see cref="MinContentDigits"/> hex digits of its SHA-256, with or without <c>sha256:</c>.</param>
    /// <returns>Null when no content of a run begins so, or more than one does.</returns>
    public Digest? FindContent(string text)
    {
        if (text.Length < MinContentDigits || DigestPrefix.Find(text) is not { } prefix)
        {
            return null;
        }

        Digest[] contents = [.. _overlay.Ask(catalog => catalog.ContentsBeginning(prefix, 2)).Distinct().Take(2)];
        return contents is [var content] ? content : null;
    }

    /// <inheritdoc cref="FilesByPath(string, RunQuery)"/>
    public IReadOnlyList<FileMatch> FilesByPath(string path, int limit = 100) => FilesByPath(path, new RunQuery { Limit = limit });

    /// <summary>Runs that had a file of this name, newest first.</summary>
    /// <param name="path">An absolute path in the container, a folder ending in a slash, or a file's name alone.</param>
    /// <param name="query">Which runs count, and how many files at most.</param>
    public IReadOnlyList<FileMatch> FilesByPath(string path, RunQuery query)
    {
        var runs = FilterOf(query);
        return NewestFiles(
            catalog => path switch
            {
                [.., '/'] => catalog.FilesBelow(path, runs),
                ['/', ..] => catalog.FilesByPath(path, runs),
                _ => catalog.FilesByName(path, runs),
            },
            query.Limit);
    }
}
