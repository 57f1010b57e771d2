using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Care;

/// <summary>All the places that repairs are looked for in, in the order in which they were given.</summary>
internal sealed class SpareSources
{
    private readonly List<string> _problems = [];

    private SpareSources(IReadOnlyList<ISpareSource> all) => All = all;

    public IReadOnlyList<ISpareSource> All { get; }

    /// <summary>Those that are archives.</summary>
    public IEnumerable<StoreLayout> Archives => All.Select(source => source.Layout).OfType<StoreLayout>();

    /// <summary>What could not be read of them.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <param name="names">Folders and files.</param>
    /// <param name="own">The archive that is to be repaired.</param>
    /// <exception cref="ArchiveException">One is not there, is neither an archive nor a bundle, or is the archive itself.</exception>
    public static SpareSources Open(IEnumerable<string> names, StoreLayout own) => new([.. names.Select(name => Open(name, own))]);

    /// <summary>Asks one after the other; what one cannot give another may.</summary>
    public void Ask(Action<ISpareSource> ask)
    {
        foreach (var source in All)
        {
            try
            {
                ask(source);
            }
            catch (ArchiveException e)
            {
                Tell(source, e.Message);
            }
        }
    }

    /// <summary>Notes what is the matter with a source, once.</summary>
    public void Tell(ISpareSource source, string message)
    {
        string problem = $"'{source.Name}': {message}";
        if (!_problems.Contains(problem))
        {
            _problems.Add(problem);
        }
    }

    /// <summary>Entries of logs that they know, in no order.</summary>
    public IReadOnlyList<LogLeaf> Leaves()
    {
        var leaves = new List<LogLeaf>();
        Ask(source => leaves.AddRange(source.Leaves()));
        return leaves;
    }

    private static ISpareSource Open(string name, StoreLayout own)
    {
        if (BundleSource.IsBundle(name))
        {
            return new SpareBundle(name);
        }

        if (File.Exists(name))
        {
            throw new BundleException($"'{name}': is no bundle, expected an archive's folder or a bundle");
        }

        var layout = new StoreLayout(name);
        return !Directory.Exists(layout.Blobs)
            ? throw new ArchiveException($"'{name}': is no archive and no bundle")
            : layout.Root == own.Root ? throw new ArchiveException($"'{name}': is the archive itself") : new SpareFolder(name);
    }
}
