namespace Provenance.Archive.Images.Tree;

/// <summary>What was seen while a tree manifest was written.</summary>
/// <param name="UnpackedBytes">Sum of the regular files' sizes.</param>
/// <param name="DeviceNodes">The first 1000, in order.</param>
/// <param name="SetIdFiles">The first 1000, in order.</param>
internal sealed record TreeSummary(long UnpackedBytes, IReadOnlyList<string> DeviceNodes, IReadOnlyList<string> SetIdFiles);
