using System.CommandLine;
using Provenance.Archive.Catalog;
using Provenance.Archive.Exchange;

namespace Provenance.Cli.Options;

/// <summary>What goes into a bundle, whether it becomes a file or goes to a registry.</summary>
internal sealed class BundleContents
{
    private readonly Option<bool> _replays = new("--replays") { Description = "put the replays of the runs in too" };
    private readonly Option<bool> _chain = new("--chain") { Description = "put in the runs that made what a run used, back to the sources" };
    private readonly Option<bool> _noImage = new("--no-image")
    {
        Description = "leave the layers of images out: to be looked at everywhere, repeated only where the images are",
    };

    public IEnumerable<Option> Options => [_replays, _chain, _noImage];

    /// <param name="ids">The records asked for, as the user names them.</param>
    /// <param name="call">With the archive.</param>
    /// <exception cref="RecordNotFoundException">One is not there.</exception>
    public Bundle Plan(IEnumerable<string> ids, CommandCall call)
    {
        var finder = call.Workbench.Finder;
        var planner = new BundlePlanner(call.Workbench.Blobs, finder, call.Workbench.Images, finder.FindProof);
        return planner.Plan([.. ids.Select(id => Find(id, call.Workbench))], new ExportOptions
        {
            Layers = !call.Value(_noImage),
            Replays = call.Value(_replays),
            Chain = call.Value(_chain),
        });
    }

    private static RecordRow Find(string id, Workbench workbench)
    {
        if (workbench.Finder.Find(id) is { } row)
        {
            return row;
        }

        return workbench.Finder.Get((workbench.Images.Find(id)?.Record ?? throw new RecordNotFoundException(id)).Hex);
    }
}
