using Provenance.Archive.Records;

namespace Provenance.Archive.Catalog;

/// <summary>A file of a run as it goes into the tables paths, contents and files.</summary>
internal sealed record FileRow
{
    public required long LogIndex { get; init; }

    public required FileRole Role { get; init; }

    public required long Position { get; init; }

    public required string Path { get; init; }

    public byte[]? Sha256 { get; init; }

    public byte[]? Sha512 { get; init; }

    public byte[]? Sha1 { get; init; }

    public byte[]? Md5 { get; init; }

    public required string Kind { get; init; }

    public string? Change { get; init; }

    public required long Bytes { get; init; }

    public required bool Kept { get; init; }

    /// <summary>Of a used file; null when it was not observed.</summary>
    public string? Use { get; init; }

    public string? Class { get; init; }

    /// <summary>What follows the last slash.</summary>
    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    public static FileRow Of(long index, long position, UsedFile file) =>
        Of(index, FileRole.Used, position, file.Path, file.Digest) with
        {
            Kind = CatalogNames.Of(file.Kind),
            Bytes = file.Size,
            Kept = file.Kept,
            Use = file.Use is { } use ? CatalogNames.Of(use) : null,
            Class = file.Class is { } where ? CatalogNames.Of(where) : null,
        };

    public static FileRow Of(long index, long position, GeneratedFile file) =>
        Of(index, FileRole.Generated, position, file.Path, file.Digest) with
        {
            Kind = CatalogNames.Of(file.Kind),
            Change = CatalogNames.Of(file.Change),
            Bytes = file.Size,
            Kept = file.Kept,
            Class = file.Class is { } where ? CatalogNames.Of(where) : null,
        };

    public static FileRow Of(long index, long position, InjectedFile file) =>
        Of(index, FileRole.Injected, position, file.ContainerPath, file.Digest) with { Bytes = file.Size };

    /// <summary>One of the standard streams.</summary>
    public static FileRow OfStream(long index, FileRole role, DigestSet digest, long bytes, bool kept) =>
        Of(index, role, 0, StreamName(role), digest) with { Bytes = bytes, Kept = kept };

    private static FileRow Of(long index, FileRole role, long position, string path, DigestSet? digest) => new()
    {
        LogIndex = index,
        Role = role,
        Position = position,
        Path = path,
        Sha256 = FromHex(digest?.Sha256),
        Sha512 = FromHex(digest?.Sha512),
        Sha1 = FromHex(digest?.Sha1),
        Md5 = FromHex(digest?.Md5),
        Kind = CatalogNames.Of(FileKind.File),
        Bytes = 0,
        Kept = false,
    };

    private static byte[]? FromHex(string? hex) => hex is null ? null : Convert.FromHexString(hex);

    private static string StreamName(FileRole role) => role switch
    {
        FileRole.Stdin => "stdin",
        FileRole.Stdout => "stdout",
        FileRole.Stderr => "stderr",
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };
}
