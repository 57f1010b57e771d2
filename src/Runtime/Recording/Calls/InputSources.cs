using Provenance.Archive.Content;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>Where an input's bytes are read from, and what of them may be kept.</summary>
internal sealed record InputSources(BlobStore Blobs, MountSet Mounts, KeepBudget Budget, PriorContents Prior);
