using Provenance.Archive.Content;
using Provenance.Archive.Transparency;

namespace Provenance.Archive.Care;

/// <summary>Somewhere else that may have what is missing here: another archive, or a bundle. Nothing that it gives is believed.</summary>
internal interface ISpareSource
{
    /// <summary>As the user named it.</summary>
    string Name { get; }

    /// <summary>Its folder, where it is an archive; null for a bundle.</summary>
    StoreLayout? Layout { get; }

    /// <summary>Hands out those of the wanted blobs that it has, or says that it has.</summary>
    /// <param name="wanted">By digest; may become smaller meanwhile.</param>
    /// <param name="take">Reads a stream to its end and checks it.</param>
    /// <exception cref="ArchiveException">It cannot be read any further.</exception>
    void Give(IReadOnlyDictionary<Digest, Descriptor> wanted, Action<Descriptor, Stream> take);

    /// <summary>Entries that a log may have, in no order: of the records that it holds.</summary>
    /// <exception cref="ArchiveException">It cannot be read any further.</exception>
    IEnumerable<LogLeaf> Leaves();
}
