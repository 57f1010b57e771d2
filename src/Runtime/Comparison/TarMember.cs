using Provenance.Archive.Content;
using Provenance.Archive.Images.Tar;

namespace Provenance.Runtime.Comparison;

/// <summary>One member of a tar, with the digest of what it holds.</summary>
/// <param name="Content">Null for a sparse file, whose data are not one piece.</param>
internal sealed record TarMember(TarEntry Entry, Digest Digest, ComparedContent? Content);
