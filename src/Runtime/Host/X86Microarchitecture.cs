namespace Provenance.Runtime.Host;

/// <summary>One row of the table of names: who makes it, what it grew out of, and what it added to that.</summary>
internal sealed class X86Microarchitecture(string name, string vendor, string[] parents, string added)
{
    internal string Name { get; } = name;

    /// <summary>As CPUID says it; <c>generic</c> for the psABI levels.</summary>
    internal string Vendor { get; } = vendor;

    internal IReadOnlyList<string> Parents { get; } = parents;

    /// <summary>Features that no parent has, named as in /proc/cpuinfo.</summary>
    internal IReadOnlyList<string> Added { get; } = added.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
