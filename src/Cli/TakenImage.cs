using Provenance.Archive.Content;
using Provenance.Archive.Images;

namespace Provenance.Cli;

/// <summary>An image that is in the archive now, under its name and with its record.</summary>
/// <param name="Name">Null when it has none.</param>
/// <param name="Record">The signed image/v1 statement.</param>
internal sealed record TakenImage(ImportedImage Image, string? Name, Digest Record);
