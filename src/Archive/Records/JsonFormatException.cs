namespace Provenance.Archive.Records;

/// <summary>Bytes are no JSON, or JSON of another form than we allow.</summary>
public sealed class JsonFormatException(string reason, Exception? cause = null)
    : ArchiveException($"JSON: {reason}", cause);
