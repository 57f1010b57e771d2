using System.Globalization;
using Provenance.Archive.Content;

namespace Provenance.Archive.Transparency;

/// <summary>The checkpoints that witnesses cosigned: <c>log/cosigned/SIZE</c>, none of them ever replaced by a newer one.</summary>
/// <remarks>The log's own checkpoint is written anew with every record. What a witness has said of an older one is evidence of a time, and stays.</remarks>
public sealed class CosignedCheckpoints(StoreLayout layout, FolderSync sync)
{
    private IReadOnlyList<long>? _sizes;

    /// <summary>In ascending order. Read once.</summary>
    public IReadOnlyList<long> Sizes => _sizes ??= List();

    /// <summary>The first that has the entry: what was said soonest after it came.</summary>
    /// <returns>Null when no cosigned checkpoint has it.</returns>
    /// <exception cref="LogException">The file is no checkpoint of that size.</exception>
    public SignedCheckpoint? FindFirstWith(long index)
    {
        long size = Sizes.FirstOrDefault(size => size > index);
        return size == 0 ? null : Find(size);
    }

    /// <returns>Null when none of that size was cosigned.</returns>
    /// <exception cref="LogException">The file is no checkpoint of that size.</exception>
    public SignedCheckpoint? Find(long size)
    {
        string path = PathOf(size);
        if (!File.Exists(path))
        {
            return null;
        }

        var found = SignedCheckpoint.Parse(File.ReadAllBytes(path));
        return found.Tree.Size == size
            ? found
            : throw new LogException($"cosigned checkpoint '{size}': is of a log of {found.Tree.Size} entries");
    }

    public void Keep(SignedCheckpoint checkpoint)
    {
        Directory.CreateDirectory(layout.Cosigned);
        sync(layout.Log);
        AtomicFile.Write(PathOf(checkpoint.Tree.Size), checkpoint.ToBytes(), sync);
        _sizes = null;
    }

    private List<long> List()
    {
        var sizes = new List<long>();
        foreach (string path in Directory.Exists(layout.Cosigned) ? Directory.EnumerateFiles(layout.Cosigned) : [])
        {
            if (long.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out long size) && size > 0)
            {
                sizes.Add(size);
            }
        }

        sizes.Sort();
        return sizes;
    }

    private string PathOf(long size) => Path.Combine(layout.Cosigned, size.ToString(CultureInfo.InvariantCulture));
}
