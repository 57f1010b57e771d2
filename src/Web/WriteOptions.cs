using Provenance.Archive.Images;

namespace Provenance.Web;

/// <summary>What a server needs to take in what is sent to it.</summary>
/// <param name="TakeImage">Imports and signs for an image: called with where it is and its name, one at a time.</param>
public sealed record WriteOptions(Action<ImageSource, string> TakeImage);
