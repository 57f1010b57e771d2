namespace Provenance.Archive.Care;

/// <summary>How far a backup is: blobs looked at of all there were when it began.</summary>
public sealed record BackupProgress(long BlobsDone, long BlobsTotal);
