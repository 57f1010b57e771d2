using Provenance.Archive.Content;
using Provenance.Archive.Trust;

namespace Provenance.Archive.Care;

/// <summary>Copies small files of an archive to the same places in its backup, those that are other than there.</summary>
internal sealed class FileMirror(StoreLayout from, StoreLayout to, FolderSync sync)
{
    private const string PrivateKeyMark = "PRIVATE KEY";
    private const UnixFileMode OthersMayRead = UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Certificates and the like, also where a umask keeps everything from others.</summary>
    private static readonly string[] PublicNames = ["cert.pem", "vkey", "withdrawn.crl"];

    /// <summary>One file, if it is there.</summary>
    public void Copy(string path)
    {
        if (File.Exists(path))
        {
            Write(path, File.ReadAllBytes(path), isPrivate: false);
        }
    }

    /// <summary>All files of a folder and those below.</summary>
    /// <param name="folder">In the archive.</param>
    /// <param name="wanted">By path; null for all.</param>
    public void CopyBelow(string folder, Func<string, bool>? wanted = null)
    {
        foreach (string path in FilesBelow(folder).Where(path => wanted?.Invoke(path) ?? true))
        {
            Copy(path);
        }
    }

    /// <summary>The same, and sets aside what the backup has and the archive has not any more: a certificate that is trusted no longer.</summary>
    public void MirrorBelow(string folder, Quarantine quarantine)
    {
        CopyBelow(folder);
        foreach (string copy in FilesBelow(In(to, folder)).ToList())
        {
            if (!File.Exists(Path.Combine(from.Root, Path.GetRelativePath(to.Root, copy))))
            {
                quarantine.SetAside(copy);
            }
        }
    }

    /// <summary>The keys: those that are private only when asked.</summary>
    /// <param name="withPrivate">Whether to copy them.</param>
    /// <param name="except">Files that are not copied.</param>
    /// <returns>How many files with private keys were left out.</returns>
    public int CopyKeys(bool withPrivate, params string[] except)
    {
        int leftOut = 0;
        foreach (string path in FilesBelow(from.Keys).Where(path => !except.Contains(path)))
        {
            byte[] content = File.ReadAllBytes(path);
            bool isPublic = IsPublic(path, content);
            if (isPublic || withPrivate)
            {
                Write(path, content, isPrivate: !isPublic);
            }

            leftOut += isPublic || withPrivate ? 0 : 1;
        }

        return leftOut;
    }

    /// <summary>Puts that content there, if it is another.</summary>
    public void Write(string path, byte[] content, bool isPrivate = false)
    {
        string copy = In(to, path);
        if (File.Exists(copy) && File.ReadAllBytes(copy).AsSpan().SequenceEqual(content))
        {
            return;
        }

        CreateDurably(Path.GetDirectoryName(copy)!);
        if (isPrivate)
        {
            AtomicFile.Write(copy, content, sync, PrivateFile.OnlyOwner);
        }
        else
        {
            AtomicFile.Write(copy, content, sync);
        }
    }

    private string In(StoreLayout archive, string path) => Path.Combine(archive.Root, Path.GetRelativePath(from.Root, path));

    private static IEnumerable<string> FilesBelow(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(AtomicFile.IsTemporary) && !path.EndsWith(".lock", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
        : [];

    private static bool IsPublic(string path, byte[] content) =>
        (PublicNames.Contains(Path.GetFileName(path)) || (File.GetUnixFileMode(path) & OthersMayRead) == OthersMayRead)
        && content.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(PrivateKeyMark)) < 0;

    private void CreateDurably(string folder)
    {
        if (!Directory.Exists(folder))
        {
            CreateDurably(Path.GetDirectoryName(folder)!);
            Directory.CreateDirectory(folder);
            sync(Path.GetDirectoryName(folder)!);
        }
    }
}
