using System.Collections.Concurrent;
using Provenance.Archive.Content;
using Provenance.Archive.Upkeep;

namespace Provenance.Archive.Catalog;

/// <summary>Reads every blob on all cores and compares its digest with its name.</summary>
/// <param name="blobs">The archive's.</param>
/// <param name="known">Blobs that were read a moment ago and are sound: they are counted and not read again.</param>
internal sealed class BlobFsck(BlobStore blobs, IReadOnlySet<DigestKey> known)
{
    private const int BufferBytes = 1 << 20;

    private readonly ConcurrentBag<FsckFinding> _findings = [];
    private readonly ConcurrentBag<DigestKey> _sound = [];
    private long _bytesDone;

    public long Count { get; private set; }

    /// <summary>Sum of the blobs' sizes.</summary>
    public long Bytes { get; private set; }

    /// <summary>The blobs that were read and are what their names say.</summary>
    public IEnumerable<DigestKey> Sound => _sound;

    public IEnumerable<FsckFinding> Check(IProgress<FsckProgress>? progress, CancellationToken cancellation)
    {
        var files = Files();
        Count = files.Count;
        Bytes = files.Sum(file => file.Length);
        var options = new ParallelOptions { CancellationToken = cancellation };

        // The largest first: the last core shall not begin with them when the others are done.
        Parallel.ForEach(files.OrderByDescending(file => file.Length), options, file =>
        {
            Check(file, cancellation);
            progress?.Report(new FsckProgress("blobs", Interlocked.Read(ref _bytesDone), Bytes));
        });
        return _findings.OrderBy(finding => finding.Subject, StringComparer.Ordinal);
    }

    private List<FileInfo> Files()
    {
        var folder = new DirectoryInfo(blobs.Layout.Blobs);
        if (!folder.Exists)
        {
            return [];
        }

        var files = folder.EnumerateFiles().ToLookup(file => Digest.TryParseHex(file.Name, out _));
        foreach (var file in files[false])
        {
            _findings.Add(new FsckFinding(FsckSeverity.Note, $"blobs/sha256/{file.Name}", "is no blob: its name is no digest"));
        }

        return [.. files[true]];
    }

    private void Check(FileInfo file, CancellationToken cancellation)
    {
        var digest = Digest.Parse($"sha256:{file.Name}");
        var key = DigestKey.Of(digest);
        if (known.Contains(key))
        {
            return;
        }

        try
        {
            string actual = Hash(file.FullName, cancellation);
            if (actual == file.Name)
            {
                _sound.Add(key);
            }
            else
            {
                Damage(digest, $"content has digest 'sha256:{actual}'");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Damage(digest, $"cannot be read: {e.Message.TrimEnd('.')}");
        }
    }

    private void Damage(Digest digest, string message) =>
        _findings.Add(new FsckFinding(FsckSeverity.Damage, $"blobs/sha256/{digest.Hex}", message) { Blob = digest });

    private string Hash(string path, CancellationToken cancellation)
    {
        using var hash = new RunningDigest();
        using var file = new FileStream(path, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan });
        byte[] buffer = new byte[BufferBytes];
        int read;
        while ((read = file.Read(buffer)) > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            hash.Append(buffer.AsSpan(0, read));
            Interlocked.Add(ref _bytesDone, read);
        }

        return Convert.ToHexStringLower(hash.Finish());
    }
}
