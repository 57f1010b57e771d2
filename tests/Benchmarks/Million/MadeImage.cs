using Provenance.Archive.Content;
using Provenance.Archive.Images;

namespace Provenance.Million;

/// <summary>An image of the archive.</summary>
/// <param name="Name">As users name it.</param>
/// <param name="Image">Its parts.</param>
/// <param name="Record">Its signed record.</param>
internal sealed record MadeImage(string Name, ImportedImage Image, Digest Record);
