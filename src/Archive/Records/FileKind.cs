using System.Text.Json.Serialization;

namespace Provenance.Archive.Records;

/// <summary>What a path is.</summary>
public enum FileKind
{
    [JsonStringEnumMemberName("file")]
    File,

    [JsonStringEnumMemberName("folder")]
    Folder,

    [JsonStringEnumMemberName("link")]
    Link,

    [JsonStringEnumMemberName("fifo")]
    Fifo,

    [JsonStringEnumMemberName("socket")]
    Socket,

    [JsonStringEnumMemberName("device")]
    Device,
}
