using System.Text.Json.Serialization;

namespace Provenance.Archive.Records;

/// <summary>Where a file belongs, as far as its path and its history tell.</summary>
public enum FileClass
{
    /// <summary>The image's own.</summary>
    [JsonStringEnumMemberName("image")]
    Image,

    /// <summary>Put over the image's files for this run: /etc/passwd and such, and libraries of the host.</summary>
    [JsonStringEnumMemberName("injected")]
    Injected,

    /// <summary>The kernel's, below /proc, /sys or /dev: made while it is read.</summary>
    [JsonStringEnumMemberName("system")]
    System,

    /// <summary>The user's data and scripts.</summary>
    [JsonStringEnumMemberName("input")]
    Input,

    /// <summary>Settings of the user or of the host.</summary>
    [JsonStringEnumMemberName("configuration")]
    Configuration,

    /// <summary>What a program keeps to be faster the next time: <c>__pycache__</c>, <c>.cache</c>.</summary>
    [JsonStringEnumMemberName("cache")]
    Cache,

    /// <summary>Made by the job and gone with it.</summary>
    [JsonStringEnumMemberName("temporary")]
    Temporary,

    /// <summary>Made or changed by the job, and there to stay.</summary>
    [JsonStringEnumMemberName("output")]
    Output,
}
