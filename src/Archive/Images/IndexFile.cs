using Provenance.Archive.Content;
using Provenance.Archive.Images.Packings;

namespace Provenance.Archive.Images;

/// <summary>The file index.json of an archive. What other tools put into it is kept, but for members that no descriptor has.</summary>
/// <remarks>Source: OCI image-spec v1.1.1, image-layout.md#indexjson-file.</remarks>
internal static class IndexFile
{
    private const long MaxBytes = 64 << 20;

    /// <summary>What stands in the file <c>oci-layout</c>.</summary>
    public static byte[] LayoutBytes => """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray();

    /// <summary>An archive without the file holds no image.</summary>
    public static List<OciDescriptor> Read(StoreLayout layout)
    {
        byte[] content;
        try
        {
            using var file = new FileStream(layout.Index, new FileStreamOptions { BufferSize = 0 });
            if (file.Length > MaxBytes)
            {
                throw new BlobTooLargeException(layout.Index, MaxBytes);
            }

            content = new byte[file.Length];
            file.ReadExactly(content);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }

        return [.. OciReader.ReadDocument(content, $"index '{layout.Index}'").Manifests ?? []];
    }

    /// <summary>Whether there are names of images that no other tool reads: an image layout is known by that file.</summary>
    public static bool LacksLayout(StoreLayout layout) => File.Exists(layout.Index) && !File.Exists(layout.OciLayout);

    public static void WriteLayout(StoreLayout layout, FolderSync sync) => AtomicFile.Write(layout.OciLayout, LayoutBytes, sync);

    /// <summary>The caller holds the archive's lock.</summary>
    public static void Write(StoreLayout layout, IEnumerable<OciDescriptor> manifests, FolderSync sync)
    {
        Directory.CreateDirectory(layout.Root);
        Directory.CreateDirectory(layout.Blobs);
        if (!File.Exists(layout.OciLayout))
        {
            WriteLayout(layout, sync);
        }

        AtomicFile.Write(layout.Index, MadeDocuments.Index(manifests), sync);
    }
}
