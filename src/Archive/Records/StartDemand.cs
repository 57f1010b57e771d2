namespace Provenance.Archive.Records;

/// <summary>What is checked when a program starts, before any code of its own runs.</summary>
public sealed record StartDemand
{
    /// <summary>Absolute path in the container, links resolved.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// <c>isa-note</c> (the dynamic linker checks GNU_PROPERTY_X86_ISA_1_NEEDED), <c>libc-level</c> (what the dynamic linker itself was built for),
    /// <c>go</c> (GOAMD64, GOARM64), <c>kernel</c> (NT_GNU_ABI_TAG), <c>page</c> (the alignment of the segments).
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>A level such as <c>v3</c>, a release of Linux such as <c>3.2.0</c>, or the largest page, in bytes.</summary>
    public required string Needs { get; init; }

    /// <summary>Whether the file has code of that level at all; null where there is none to look for.</summary>
    public bool? Seen { get; init; }

    /// <summary>Of an <c>isa-note</c> the dynamic linker that reads it; null where it is not known, as in earlier records.</summary>
    public string? By { get; init; }
}
