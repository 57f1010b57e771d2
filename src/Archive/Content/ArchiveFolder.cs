namespace Provenance.Archive.Content;

/// <summary>Tells an archive from any other folder: nothing is written into one that was named by mistake.</summary>
public static class ArchiveFolder
{
    /// <exception cref="NoArchiveException">It is none.</exception>
    public static void Require(StoreLayout layout)
    {
        if (File.Exists(layout.Root))
        {
            throw new NoArchiveException(layout.Root, "is a file, expected a folder");
        }

        if (!Directory.Exists(layout.Root))
        {
            throw new NoArchiveException(layout.Root, "there is no such folder");
        }

        if (!IsArchive(layout))
        {
            throw new NoArchiveException(layout.Root, $"is none, it has no '{Path.GetFileName(layout.OciLayout)}'");
        }
    }

    /// <summary>For what may be the first use of an archive.</summary>
    /// <exception cref="NoArchiveException">Something else is there.</exception>
    public static void RequireOrNothing(StoreLayout layout)
    {
        bool isNothing = !File.Exists(layout.Root) && (!Directory.Exists(layout.Root) || !Directory.EnumerateFileSystemEntries(layout.Root).Any());
        if (!isNothing)
        {
            Require(layout);
        }
    }

    /// <summary>One that has lost its first file, or has only a key or a certificate yet, is one: any of what cannot be made anew will do.</summary>
    private static bool IsArchive(StoreLayout layout) =>
        File.Exists(layout.OciLayout)
        || Directory.Exists(layout.Blobs)
        || File.Exists(layout.Checkpoint)
        || Directory.Exists(layout.LogKeys)
        || Directory.Exists(layout.Incoming)
        || Directory.Exists(layout.Audits)
        || HasCertificates(layout.Keys)
        || HasCertificates(layout.Trust);

    private static bool HasCertificates(string folder) => Directory.Exists(folder)
        && Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any(path => Path.GetExtension(path) is ".pem" or ".vkey" or ".toml");
}
