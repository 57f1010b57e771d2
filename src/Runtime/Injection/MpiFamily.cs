namespace Provenance.Runtime.Injection;

/// <summary>MPI libraries that programs may be exchanged between: they have one binary interface under several names.</summary>
/// <remarks>
/// Source: MPICH ABI Compatibility Initiative, which fixes libtool version 12 for MPICH 3.1 and later, Intel MPI 5, Cray MPT 7 and
/// MVAPICH2 2: upstream calls it libmpi.so.12, Debian libmpich.so.12. Open MPI 4 and 5 have libmpi.so.40.
/// </remarks>
internal sealed record MpiFamily(string Name, bool IsOpenMpi, IReadOnlyList<IReadOnlyList<string>> Libraries)
{
    /// <summary>Only Open MPI's libraries have it.</summary>
    private const string OpenMpiSymbol = "ompi_mpi_comm_world";

    public static IReadOnlyList<MpiFamily> All { get; } =
    [
        new("MPICH ABI", false,
        [
            ["libmpi.so.12", "libmpich.so.12"], ["libmpifort.so.12", "libmpichfort.so.12"], ["libmpicxx.so.12", "libmpichcxx.so.12"],
        ]),
        new("Open MPI", true,
        [
            ["libmpi.so.40"], ["libmpi_mpifh.so.40"], ["libmpi_usempif08.so.40"], ["libmpi_usempi_ignore_tkr.so.40"], ["libmpi_cxx.so.40"],
        ]),
        new("MPI ABI", false, [["libmpi_abi.so.0"]]),
    ];

    /// <summary>The names that a name of an MPI library may be exchanged for, itself included; empty for what is none.</summary>
    public IReadOnlyList<string> NamesFor(string name) => Libraries.FirstOrDefault(names => names.Contains(name)) ?? [];

    public static bool IsOpenMpiLibrary(ElfObject library) => library.Exports.Contains(OpenMpiSymbol);

    /// <summary>Open MPI 1.8 had the SONAME libmpi.so.12 as well.</summary>
    public bool Has(ElfObject library) => IsOpenMpi || !IsOpenMpiLibrary(library);
}
