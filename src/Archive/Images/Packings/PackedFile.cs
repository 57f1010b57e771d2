namespace Provenance.Archive.Images.Packings;

/// <summary>A file that was opened.</summary>
/// <param name="Content">To be disposed of by whoever reads it.</param>
/// <param name="Size">In bytes.</param>
internal readonly record struct PackedFile(Stream Content, long Size);
