using Provenance.Runtime.Native;

namespace Provenance.Runtime.Observing;

/// <summary>Where a path of the job leads. See <see cref="FileTouched"/> for what the members mean.</summary>
internal readonly record struct ResolvedPath(string Path, string? Named, FileStatus? Before);
