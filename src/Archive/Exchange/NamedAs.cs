namespace Provenance.Archive.Exchange;

/// <summary>What records name a blob as. One blob may be several.</summary>
[Flags]
internal enum NamedAs
{
    None = 0,

    /// <summary>A record, or what it cannot be understood without.</summary>
    Part = 1,

    /// <summary>What went into a run, or came out of it: the record can do without.</summary>
    Content = 2,

    /// <summary>A layer of an image.</summary>
    Layer = 4,
}
