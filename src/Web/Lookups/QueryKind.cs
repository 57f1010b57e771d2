using System.Text.Json.Serialization;

namespace Provenance.Web.Lookups;

/// <summary>As what a text was understood.</summary>
public enum QueryKind
{
    /// <summary>Nothing was asked.</summary>
    [JsonStringEnumMemberName("nothing")]
    Nothing,

    /// <summary>A DOI: papers.</summary>
    [JsonStringEnumMemberName("doi")]
    Doi,

    /// <summary>A whole digest: of a file, a record, an image, a layer or a certificate.</summary>
    [JsonStringEnumMemberName("digest")]
    Digest,

    /// <summary>The first digits of a digest: of a record or an image.</summary>
    [JsonStringEnumMemberName("prefix")]
    Prefix,

    /// <summary>An address of this site.</summary>
    [JsonStringEnumMemberName("address")]
    Address,

    /// <summary>An absolute path in a container.</summary>
    [JsonStringEnumMemberName("path")]
    Path,

    /// <summary>A name: of an image, a file or a host, or words of a command line.</summary>
    [JsonStringEnumMemberName("words")]
    Words,

    /// <summary>Something that is known elsewhere and not kept here.</summary>
    [JsonStringEnumMemberName("foreign")]
    Foreign,
}
