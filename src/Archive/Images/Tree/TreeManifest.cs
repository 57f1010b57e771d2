using Provenance.Archive.Content;
using Provenance.Archive.Records;

namespace Provenance.Archive.Images.Tree;

/// <summary>The list of an image's files whose SHA-256 is the tree digest. Specified to the byte in schema/FORMAT.md.</summary>
internal static class TreeManifest
{
    /// <summary>How many device nodes and set-id files a record names.</summary>
    private const int MaxNamed = 1000;

    /// <summary>Writes one line an entry, in order of the paths' UTF-8 bytes.</summary>
    /// <param name="tree">Of all layers.</param>
    /// <param name="output">The caller's.</param>
    /// <param name="each">Told of each entry.</param>
    public static TreeSummary Write(ImageTree tree, Stream output, Action<TreeEntry>? each = null)
    {
        // Not disposed of: that would dispose of the output, which is the caller's.
        var buffered = new BufferedStream(output, 1 << 16);
        List<string> devices = [];
        List<string> setIds = [];
        long bytes = 0;
        foreach (var entry in Entries(tree))
        {
            buffered.Write(RecordLines.Serialize(entry));
            each?.Invoke(entry);
            bytes += entry.Size ?? 0;
            if (entry.Type is TreeEntryType.CharacterDevice or TreeEntryType.BlockDevice && devices.Count < MaxNamed)
            {
                devices.Add(entry.Path);
            }

            if (entry.Type == TreeEntryType.File && IsSetId(entry.Mode) && setIds.Count < MaxNamed)
            {
                setIds.Add(entry.Path);
            }
        }

        buffered.Flush();
        return new TreeSummary(bytes, devices, setIds);
    }

    /// <summary>All entries but the root's, in order of the paths' UTF-8 bytes.</summary>
    public static IEnumerable<TreeEntry> Entries(ImageTree tree)
    {
        var pending = new Stack<Step>();
        PushChildren(pending, tree.Root, "");
        while (pending.TryPop(out var step))
        {
            if (step.IsDescent)
            {
                PushChildren(pending, step.Node, step.Path + "/");
            }
            else
            {
                yield return Entry(step.Node, step.Path);
            }
        }
    }

    /// <summary>A folder comes twice: itself, as its name sorts, and what is in it, as its name with a slash sorts: a, a-b, a/c, a0.</summary>
    private static void PushChildren(Stack<Step> pending, TreeNode folder, string prefix)
    {
        if (folder.Children is null)
        {
            return;
        }

        var steps = new List<Step>(folder.Children.Count);
        foreach (var child in folder.Children.Values)
        {
            steps.Add(new Step(child, prefix + child.Name, child.Name, false));
            if (child.Children is not null)
            {
                steps.Add(new Step(child, prefix + child.Name, child.Name + "/", true));
            }
        }

        // The last pushed is the first popped.
        steps.Sort((a, b) => Utf8Order.Compare(b.Key, a.Key));
        steps.ForEach(pending.Push);
    }

    private static TreeEntry Entry(TreeNode node, string path) => new()
    {
        Path = path,
        Type = node.Type,
        Mode = Octal(node.Mode),
        Size = node.Type == TreeEntryType.File ? node.Size : null,
        Sha256 = node.Hash is null ? null : Digest.FromHash(node.Hash).Hex,
        Target = node.Target,
        Device = node.Type is TreeEntryType.CharacterDevice or TreeEntryType.BlockDevice
            ? $"{node.DeviceMajor}:{node.DeviceMinor}"
            : null,
        Xattrs = node.Xattrs.Count == 0 ? null : [.. node.Xattrs.Select(xattr => new TreeXattr
        {
            Name = xattr.Name,
            Value = Convert.ToBase64String(xattr.Value.Span),
        })],
    };

    /// <summary>Four digits.</summary>
    private static string Octal(int mode) => Convert.ToString(mode, 8).PadLeft(4, '0');

    /// <summary>The first digit holds set-uid (4), set-gid (2) and sticky (1).</summary>
    private static bool IsSetId(string mode) => mode[0] is not ('0' or '1');

    private readonly record struct Step(TreeNode Node, string Path, string Key, bool IsDescent);
}
