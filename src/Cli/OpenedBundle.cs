using Provenance.Archive.Catalog;
using Provenance.Archive.Content;
using Provenance.Archive.Exchange;
using Provenance.Archive.Trust;

namespace Provenance.Cli;

/// <summary>A bundle that a command only looks into: taken into an archive of its own, which is gone afterwards. The archive stays as it is.</summary>
/// <remarks>Who is trusted is asked of the archive: its certificates, never its keys, are lent.</remarks>
internal sealed class OpenedBundle : IDisposable
{
    private readonly string _folder;

    private OpenedBundle(string path, CommandCall call)
    {
        _folder = Directory.CreateTempSubdirectory("prov-bundle-").FullName;
        try
        {
            var layout = new StoreLayout(_folder);
            TrustedCertificates.Lend(call.Workbench.Layout, layout);
            Call = call with { Workbench = new Workbench(call.Terminal, call.Workbench.Time, layout), Beside = call.Workbench.Layout };
            Bundle = BundleArrival.Import(path, Call.Workbench, static _ => { });
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The same call, with the bundle in place of the archive.</summary>
    public CommandCall Call { get; }

    public ImportedBundle Bundle { get; }

    /// <summary>Whether a person means a bundle: a file or folder that begins as one, and no digits of an id.</summary>
    public static bool IsMeant(string what) => !what.All(char.IsAsciiHexDigit) && BundleSource.IsBundle(what);

    /// <returns>Null when no bundle is meant.</returns>
    /// <exception cref="BundleException">It is not whole.</exception>
    public static OpenedBundle? Find(string what, CommandCall call) => IsMeant(what) ? new OpenedBundle(what, call) : null;

    /// <summary>The records it was made for, as the commands find records.</summary>
    public IEnumerable<RecordRow> Roots => Bundle.Roots.Select(root => Call.Workbench.Finder.Get(root.Hex));

    public void Dispose()
    {
        Call?.Workbench.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
