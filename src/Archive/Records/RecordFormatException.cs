namespace Provenance.Archive.Records;

/// <summary>Bytes that were offered as a record, or as a list of one, are none.</summary>
public sealed class RecordFormatException(string what, string reason, Exception? cause = null)
    : ArchiveException($"{what}: {reason}", cause);
