using Provenance.Archive;
using Provenance.Archive.Content;
using Provenance.Archive.Distribution;
using Provenance.Archive.Exchange;
using Provenance.Archive.Records;
using Provenance.Archive.Trust;
using Provenance.Runtime.Native;

namespace Provenance.Cli;

/// <summary>Takes a bundle in, with a bar that shows how far that is.</summary>
internal static class BundleArrival
{
    /// <summary>Runs that an error message names.</summary>
    private const int MaxNamed = 5;

    /// <param name="path">A file or folder; <c>-</c> for standard input.</param>
    /// <param name="into">With the archive that takes it.</param>
    /// <param name="sync">Null for an archive that stays.</param>
    /// <exception cref="BundleException">It is no bundle, or not whole.</exception>
    public static ImportedBundle Import(string path, Workbench into, FolderSync? sync = null)
    {
        using var source = BundleSource.Open(path);
        return into.Terminal.WithProgress($"reading {path}", show => Importer(into, sync).Import(source, Tell(show), CancellationToken.None));
    }

    /// <param name="reference">With the tag or digest of the artifact.</param>
    /// <param name="client">Asks the registry.</param>
    /// <param name="into">With the archive that takes it.</param>
    /// <exception cref="ArchiveException">There is none, or it is no bundle.</exception>
    public static ImportedBundle Pull(RegistryReference reference, RegistryClient client, Workbench into)
    {
        var puller = new BundlePuller(into.Blobs, client, Importer(into, null), into.Time);
        return into.Terminal.WithProgress($"fetching {reference}", show => puller.Pull(reference, Tell(show), CancellationToken.None));
    }

    /// <summary>The reference of a run's bundle in a registry.</summary>
    public static RegistryReference Find(RegistryReference target, string id, RegistryClient client, Workbench into) =>
        target.At(new BundlePuller(into.Blobs, client, Importer(into, null), into.Time).FindTag(target, id, CancellationToken.None));

    /// <summary>The run that a bundle was made for.</summary>
    /// <exception cref="UsageException">It was made for several records, or for none that is a run.</exception>
    public static Digest OneRunOf(ImportedBundle bundle, string path)
    {
        var kinds = bundle.Records.ToDictionary(record => record.Record, record => record.Kind);
        if (bundle.Roots is [var root] && kinds[root] == RecordKind.Run)
        {
            return root;
        }

        string[] runs = [.. bundle.Roots.Where(record => kinds[record] == RecordKind.Run).Select(record => record.Abbreviated)];
        string named = string.Join(", ", runs.Take(MaxNamed)) + (runs.Length > MaxNamed ? ", …" : "");
        string which = runs.Length > 0 ? $"; 'prov import' takes it in, and then one can be named: {named}" : "";
        throw new UsageException($"bundle '{path}': was made for {Readable.Count(bundle.Roots.Count, "record", "records")}, expected one run{which}");
    }

    private static BundleImporter Importer(Workbench into, FolderSync? sync) =>
        new(into.Blobs, sync ?? Files.SyncFolder, TrustedCertificates.Load(into.Layout), into.Time);

    private static Teller<(long Done, long Total)> Tell(Action<ProgressStep> show) => new(progress => show(new ProgressStep(progress.Done, progress.Total)));
}
