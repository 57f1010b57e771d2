using System.Text.Json.Serialization;

namespace Provenance.Archive.Records;

/// <summary>What a job did with a file that was there when it began.</summary>
public enum FileUse
{
    /// <summary>It stood in a mounted folder, and nobody looked into it.</summary>
    [JsonStringEnumMemberName("present")]
    Present,

    /// <summary>It was opened for reading.</summary>
    [JsonStringEnumMemberName("read")]
    Read,

    /// <summary>It was started as a program, or as the interpreter of one.</summary>
    [JsonStringEnumMemberName("executed")]
    Executed,

    /// <summary>Nobody read it, and it was written to without being emptied first: what was in it is part of what is in it now.</summary>
    [JsonStringEnumMemberName("extended")]
    Extended,
}
