using Provenance.Archive.Records;

namespace Provenance.Runtime.Capturing;

/// <summary>The packages of the host that own some files.</summary>
/// <param name="Packages">In order of name.</param>
/// <param name="Files">All that they installed, absolute, as they name it; folders may be among them. Empty when it was not asked for.</param>
internal sealed record OwnedFiles(IReadOnlyList<OwningPackage> Packages, IReadOnlyList<string> Files);
