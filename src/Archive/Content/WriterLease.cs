namespace Provenance.Archive.Content;

/// <summary>Says that a process is writing blobs that no record names yet: <c>prov archive gc</c> takes none that is younger than the oldest lease.</summary>
/// <remarks>
/// A file in <c>tmp/</c> under flock(2), which ends with the process, however it ends. Take it before the first blob is put or relied on, and let
/// it go after the record is acknowledged. Its name may hold the digest of an image record, whose blobs then stay too, although nothing else names them.
/// </remarks>
public sealed class WriterLease : IDisposable
{
    /// <summary>Other temporary files do not end so.</summary>
    private const string Suffix = ".lease";

    private const int Attempts = 100;

    private readonly FileStream _file;

    private WriterLease(FileStream file) => _file = file;

    /// <param name="layout">The archive that will be written.</param>
    /// <param name="image">Digest of an image record that the record to come names.</param>
    /// <returns>Null where the archive cannot be written: then nothing is put into it either.</returns>
    public static WriterLease? TryTake(StoreLayout layout, Digest? image = null)
    {
        try
        {
            Directory.CreateDirectory(layout.Temporary);
            // A gc that looks between our open and our lock takes the file for a dead process' and removes it.
            return Enumerable.Range(0, Attempts).Select(_ => TryCreate(layout, image)).OfType<WriterLease>().FirstOrDefault();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether a file of <c>tmp/</c> is a lease.</summary>
    internal static bool IsLease(string fileName) => fileName.EndsWith(Suffix, StringComparison.Ordinal);

    /// <summary>The leases whose processes live; those of dead ones are removed.</summary>
    /// <returns>Since when each is held, and the image record it names.</returns>
    internal static IReadOnlyList<(DateTimeOffset Since, Digest? Image)> Living(StoreLayout layout)
    {
        Directory.CreateDirectory(layout.Temporary);
        var living = new List<(DateTimeOffset, Digest?)>();
        foreach (var file in new DirectoryInfo(layout.Temporary).EnumerateFiles("*" + Suffix))
        {
            using var dead = StandingBlob.TryHoldAlone(file.FullName);
            if (dead is not null)
            {
                dead.Remove();
            }
            else if (file.Exists)
            {
                living.Add((new DateTimeOffset(file.LastWriteTimeUtc), ImageOf(file.Name)));
            }
        }

        return living;
    }

    /// <summary>By the clock of the file system, as the times of blobs are.</summary>
    internal DateTimeOffset Since => new(File.GetLastWriteTimeUtc(_file.SafeFileHandle));

    public void Dispose()
    {
        File.Delete(_file.Name);
        _file.Dispose();
    }

    private static WriterLease? TryCreate(StoreLayout layout, Digest? image)
    {
        string path = Path.Combine(layout.Temporary, $"{TemporaryName.Next()}.{image?.Hex}{Suffix}");
        try
        {
            var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = 0,
            });
            if (File.Exists(path))
            {
                return new WriterLease(file);
            }

            file.Dispose();
            return null;
        }
        catch (IOException e) when (e.HResult == StandingBlob.WouldBlock)
        {
            return null;
        }
    }

    private static Digest? ImageOf(string fileName) =>
        Digest.TryParseHex(fileName[..^Suffix.Length].Split('.')[^1], out var image) ? image : null;
}
