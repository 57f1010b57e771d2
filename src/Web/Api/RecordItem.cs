using Provenance.Archive.Records;

namespace Provenance.Web.Api;

/// <summary>A record by its id.</summary>
internal sealed record RecordItem(string Id, RecordKind Kind, string Path);
