namespace Provenance.Runtime.Recording;

/// <summary>Absolute paths in a container, as text: <c>/</c> between names, nothing is looked up.</summary>
public static class ContainerPath
{
    /// <summary>Whether a path is a folder or lies in it.</summary>
    /// <remarks>Asked of every path several times: no string is made.</remarks>
    public static bool IsAtOrBelow(string path, string folder) => folder == "/"
        || (path.StartsWith(folder, StringComparison.Ordinal) && (path.Length == folder.Length || path[folder.Length] == '/'));

    public static bool IsAtOrBelowAny(string path, ReadOnlySpan<string> folders)
    {
        foreach (string folder in folders)
        {
            if (IsAtOrBelow(path, folder))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The path of a name below a folder; the empty name is the folder itself.</summary>
    public static string Join(string folder, string relative)
    {
        if (relative.Length == 0)
        {
            return folder;
        }

        return folder == "/" ? "/" + relative : $"{folder}/{relative}";
    }

    /// <summary>What has to follow the folder to give the path: empty for the folder itself.</summary>
    /// <param name="path">At or below the folder.</param>
    /// <param name="folder">Absolute.</param>
    public static string RelativeTo(string path, string folder) => PartBelow(path, folder).ToString();

    /// <summary>As <see cref="RelativeTo"/>, without making a string of it.</summary>
    public static ReadOnlySpan<char> PartBelow(string path, string folder) =>
        path == folder ? [] : path.AsSpan(folder == "/" ? 1 : folder.Length + 1);

    /// <summary>Without repeated or closing slashes, without <c>.</c> and <c>..</c>.</summary>
    /// <exception cref="BindException">The path is not absolute.</exception>
    public static string Normalize(string path)
    {
        if (!path.StartsWith('/'))
        {
            throw new BindException(path, "the path in the container is not absolute");
        }

        string full = Path.GetFullPath(path);
        return full.Length > 1 ? full.TrimEnd('/') : full;
    }
}
