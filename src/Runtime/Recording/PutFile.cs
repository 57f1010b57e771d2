namespace Provenance.Runtime.Recording;

/// <summary>A file that is shown over the image's own, made for this run: /etc/passwd and such.</summary>
/// <param name="Path">Absolute in the container.</param>
internal sealed record PutFile(string Path, byte[] Content);
