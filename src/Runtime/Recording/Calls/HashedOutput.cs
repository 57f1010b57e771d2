using Provenance.Archive.Content;

namespace Provenance.Runtime.Recording.Calls;

/// <summary>A change by the job, and the content it left; what <see cref="HashedFile"/> says, in less memory.</summary>
/// <param name="Digests">As <see cref="PackedDigests"/> has them; null for what is no regular file, and where there are none.</param>
internal readonly record struct HashedOutput(ScanChange Change, byte[]? Digests, string? NotHashed, bool Kept);
