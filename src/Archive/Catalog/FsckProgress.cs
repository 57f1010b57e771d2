namespace Provenance.Archive.Catalog;

/// <summary>How far checking is: what it is about, and bytes read of all.</summary>
public sealed record FsckProgress(string Phase, long BytesDone, long BytesTotal);
