using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;
using Provenance.Archive.Content;
using Provenance.Archive.Images;

namespace Provenance.Archive.Exchange;

/// <summary>Something that holds a bundle: a tar, compressed or not, a folder it was unpacked into, standard input, or an artifact of a registry.</summary>
public sealed partial class BundleSource : IDisposable
{
    private const string StandardInput = "-";

    private readonly IBundleFiles _files;

    private BundleSource(string name, IBundleFiles files) => (Name, _files) = (name, files);

    /// <summary>As the user named it.</summary>
    public string Name { get; }

    /// <param name="path">A file or folder; <c>-</c> for standard input.</param>
    /// <exception cref="BundleException">There is none, or it cannot be read.</exception>
    public static BundleSource Open(string path)
    {
        if (Directory.Exists(path))
        {
            return new BundleSource(path, new FolderFiles(path));
        }

        try
        {
            return Of(path, path == StandardInput
                ? new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0)
                : new FileStream(path, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan }));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BundleException($"bundle '{path}': no such file or folder", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new BundleException($"bundle '{path}': permission denied", e);
        }
    }

    /// <summary>A tar, compressed or not, from wherever it comes.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="tar">Disposed of with the source.</param>
    public static BundleSource Of(string name, Stream tar) => new(name, new TarFiles(tar));

    /// <summary>An artifact of a registry, its files fetched one by one as they are read.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="artifact">Whose files are taken in its order.</param>
    /// <param name="open">Gives the bytes of a layer; whether they are those is checked here. Disposed of here.</param>
    public static BundleSource Of(string name, BundleArtifactManifest artifact, Func<Descriptor, Stream> open) =>
        new(name, new ArtifactFiles(artifact, open));

    /// <summary>Whether a file or folder begins as a bundle does; never of standard input. What else is wrong with it is told when it is read.</summary>
    public static bool IsBundle(string path)
    {
        if (!File.Exists(path))
        {
            // Not read: a person's folder may hold millions of files.
            return File.Exists(Path.Combine(path, BundleNames.Manifest))
                || (File.Exists(Path.Combine(path, BagFiles.Declaration)) && File.Exists(Path.Combine(path, BagFiles.Payload, BundleNames.Manifest)));
        }

        try
        {
            using var source = Open(path);
            _ = BagBefore(source._files.Read().First().Name);
            return true;
        }
        catch (Exception e) when (e is ArchiveException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The files of the bundle, those of a bag around it checked and left out. To be read once.</summary>
    /// <exception cref="ArchiveException">It is malformed, or the bag is not whole.</exception>
    internal IEnumerable<BundleEntry> Entries()
    {
        BagReader? bag = null;
        bool isFirst = true;
        foreach (var entry in _files.Read())
        {
            if (isFirst && BagBefore(entry.Name) is { } folder)
            {
                bag = new BagReader(folder);
            }

            isFirst = false;
            var part = bag is null ? entry : bag.Read(entry);
            if (part is not null)
            {
                yield return part;
            }
        }

        bag?.Finish();
    }

    public void Dispose() => _files.Dispose();

    /// <returns>The folder of the bag that begins with this file, with its slash; empty where the bag is no folder; null when no bag begins so.</returns>
    /// <exception cref="BundleException">Neither a bag nor a bundle begins so.</exception>
    private static string? BagBefore(string first)
    {
        if (first == BundleNames.Manifest)
        {
            return null;
        }

        var match = FirstOfBag().Match(first);
        return match.Success
            ? match.Groups["folder"].Value
            : throw new BundleException($"begins with {TreePath.Quote(first)}, expected '{BundleNames.Manifest}'");
    }

    [GeneratedRegex(@"\A(?<folder>(?:[^/]+/)?)(?:bag-info\.txt|bagit\.txt|data/BUNDLE\.json)\z")]
    private static partial Regex FirstOfBag();
}
