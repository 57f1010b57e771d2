using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Images;
using Provenance.Archive.Images.Packings;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Care;

/// <summary>Makes index.json again where it cannot be read: the images from their signed records, the names, which nobody signs, from other archives.</summary>
internal sealed class IndexRepair(BlobStore blobs, FolderSync sync, SpareSources sources, Quarantine quarantine)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public IReadOnlyList<Repair> Run() => IsReadable(blobs.Layout) ? AddLayout() : Replace();

    private IReadOnlyList<Repair> AddLayout()
    {
        if (!IndexFile.LacksLayout(blobs.Layout))
        {
            return [];
        }

        IndexFile.WriteLayout(blobs.Layout, sync);
        return [new Repair(OciLayoutReader.LayoutFile, "written again: it is the same in every archive")];
    }

    private IReadOnlyList<Repair> Replace()
    {
        using var locked = ArchiveLock.Take(blobs.Layout, Patience);
        var names = NamesElsewhere();
        var entries = Images()
            .DistinctBy(image => image.Image.Manifest.Digest)
            .Select(image => ImageNames.ToDescriptor(names.GetValueOrDefault(image.Image.Manifest.Digest), ImportedImage.Of(image.Image), image.Record))
            .ToList();
        int named = entries.Count(entry => entry.Annotation(ImageAnnotations.Name) is not null);
        string? aside = quarantine.Keep(blobs.Layout.Index);
        IndexFile.Write(blobs.Layout, entries, sync);
        return
        [
            Repair.Replacing(
                "index.json",
                $"made again from the signed records of images: {entries.Count}, {named} of them with the name that another archive has for it",
                aside),
        ];
    }

    private static bool IsReadable(StoreLayout layout)
    {
        try
        {
            _ = IndexFile.Read(layout);
            return true;
        }
        catch (ArchiveException)
        {
            return false;
        }
    }

    private Dictionary<Digest, string> NamesElsewhere()
    {
        var names = new Dictionary<Digest, string>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        sources.Ask(source =>
        {
            foreach (var entry in source.Layout is { } layout ? IndexFile.Read(layout) : [])
            {
                if (Digest.TryParse(entry.Digest, out var manifest) && entry.Annotation(ImageAnnotations.Name) is { } name && ImageNames.IsName(name)
                    && !names.ContainsKey(manifest) && taken.Add(name))
                {
                    names.Add(manifest, name);
                }
            }
        });
        return names;
    }

    /// <summary>Those whose blobs are all here.</summary>
    private List<(Digest Record, ImageRecord Image)> Images()
    {
        var log = new TransparencyLog(blobs.Layout, sync);
        var reader = new RecordReader(blobs);
        var images = new List<(Digest, ImageRecord)>();
        try
        {
            foreach (byte[] entry in log.Entries(0, log.Size))
            {
                var leaf = LogLeaf.Parse(entry);
                if (leaf.Kind == RecordKind.Image && blobs.Contains(leaf.Record.Digest)
                    && RecordJson.ParseImage(reader.Read(leaf).Statement.Span).Predicate is var image
                    && RecordBlobs.Of(image).All(blob => blobs.Contains(blob.Digest)))
                {
                    images.Add((leaf.Record.Digest, image));
                }
            }
        }
        catch (ArchiveException)
        {
            // A log or record that is still broken has been found by fsck; the images before it come back.
        }

        return images;
    }
}
