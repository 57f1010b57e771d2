namespace Provenance.Archive.Exchange;

/// <summary>The files of something that is offered as a bundle, read once, forwards.</summary>
internal interface IBundleFiles : IDisposable
{
    /// <summary>Every file, in the order it stands in; of a folder what must come first is first.</summary>
    /// <exception cref="ArchiveException">An entry is no plain file, has a name that leads elsewhere, or the whole is cut off.</exception>
    IEnumerable<BundleEntry> Read();
}
