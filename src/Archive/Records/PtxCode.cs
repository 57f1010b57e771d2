namespace Provenance.Archive.Records;

/// <summary>PTX, which the driver compiles when the program starts.</summary>
public sealed record PtxCode
{
    /// <summary>The oldest architecture it is for, such as <c>sm_80</c>; one that ends in <c>a</c> is for no other.</summary>
    public required string Target { get; init; }

    /// <summary>Of the PTX language, such as <c>8.4</c>: a driver compiles those that it knows.</summary>
    public required string Version { get; init; }
}
