using System.Text.RegularExpressions;
using Provenance.Archive.Images.Tar;

namespace Provenance.Archive.Images.Packings;

/// <summary>Tells from the names in a tar whether it is a root file system or holds an image in some layout.</summary>
internal static partial class PackingRecogniser
{
    /// <summary>Reads headers until one decides.</summary>
    /// <param name="tar">A whole tar, or its beginning.</param>
    /// <param name="limits">Of the headers.</param>
    public static TarContents Look(Stream tar, ImportLimits limits)
    {
        var reader = new TarReader(tar, limits.MaxHeaderBytes);
        bool any = false;
        try
        {
            while (reader.Next() is { } entry)
            {
                any = true;
                string name = TreePath.Parse(entry.Name).ToString();
                if (Layout().IsMatch(name))
                {
                    return TarContents.Layout;
                }

                if (RootFolder().IsMatch(name))
                {
                    return TarContents.RootFileSystem;
                }
            }
        }
        catch (ArchiveException) when (any)
        {
            // The beginning was cut off, or is bad: whoever reads the whole will tell.
        }

        return TarContents.Undecided;
    }

    [GeneratedRegex(@"\A(?:manifest\.json|repositories|index\.json|oci-layout|blobs/sha256/[0-9a-f]{64}|[0-9a-f]{64}/(?:layer\.tar|json|VERSION))\z")]
    private static partial Regex Layout();

    [GeneratedRegex(@"\A(?:bin|boot|dev|etc|home|lib|lib64|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)(?:/|\z)")]
    private static partial Regex RootFolder();
}
