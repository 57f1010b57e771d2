namespace Provenance.Runtime.Binaries;

/// <summary>A version node that must be defined by the library of that name.</summary>
/// <param name="Library">A DT_NEEDED name: <c>libc.so.6</c>.</param>
/// <param name="Version">Such as <c>GLIBC_2.34</c>.</param>
public sealed record ElfVersionNeed(string Library, string Version)
{
    public override string ToString() => $"{Library}:{Version}";
}
