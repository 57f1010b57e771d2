using System.Text.Json.Serialization;

namespace Provenance.Archive.Images;

/// <summary>What an entry of an image is.</summary>
public enum TreeEntryType
{
    [JsonStringEnumMemberName("file")]
    File,

    [JsonStringEnumMemberName("folder")]
    Folder,

    [JsonStringEnumMemberName("link")]
    Link,

    [JsonStringEnumMemberName("char")]
    CharacterDevice,

    [JsonStringEnumMemberName("block")]
    BlockDevice,

    [JsonStringEnumMemberName("fifo")]
    Fifo,
}
