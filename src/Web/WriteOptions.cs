using Provenance.Archive.Content;
using Provenance.Archive.Images;

namespace Provenance.Web;

/// <summary>What a server needs to take in what is sent to it.</summary>
/// <param name="TakeImage">
/// Imports and signs for an image whose blobs are the archive's already, one at a time: called with where it is, its name, and what is told of bytes that
/// are to be kept beside, before they are, and throws when there is no room. Returns the list of its files, which was kept; null when none was.
/// </param>
public sealed record WriteOptions(Func<ImageSource, string, Action<long>, Descriptor?> TakeImage);
