using Provenance.Archive.Content;

namespace Provenance.Archive.Upkeep;

/// <summary>Refuses before something is begun that the archive has no room for. Once a job runs, recording never changes it.</summary>
public static class ArchiveQuota
{
    /// <param name="layout">The archive.</param>
    /// <param name="clock">For how long a measured size is good.</param>
    /// <param name="coming">Bytes that are known to come.</param>
    /// <param name="beside">Bytes that lie on the disk and are no blobs yet.</param>
    /// <exception cref="QuotaException">A limit of config.toml is reached.</exception>
    /// <exception cref="ArchiveException">config.toml cannot be understood.</exception>
    public static void Check(StoreLayout layout, TimeProvider clock, long coming = 0, long beside = 0)
    {
        var settings = ArchiveSettings.Read(layout);
        if (settings.MinFreeBytes is { } least && FreeBytes(layout) is var free && free - coming < least)
        {
            throw new QuotaException(
                $"archive '{layout.Root}': {ByteSize.Text(free)} are free on its disk{After(coming)}, min_free_bytes is {ByteSize.Text(least)}");
        }

        if (settings.MaxBytes is { } most && MeasuredSize.Of(layout, clock) + beside is var size && coming >= most - size)
        {
            throw new QuotaException(
                $"archive '{layout.Root}': holds {ByteSize.Text(size)}{After(coming)}, max_bytes is {ByteSize.Text(most)}");
        }
    }

    /// <summary>For somebody who is not root.</summary>
    public static long FreeBytes(StoreLayout layout) =>
        new DriveInfo(Directory.Exists(layout.Root) ? layout.Root : "/").AvailableFreeSpace;

    private static string After(long coming) => coming > 0 ? $" and {ByteSize.Text(coming)} are to come" : "";
}
