namespace Provenance.Runtime.Capturing;

/// <summary>What a package manager knows of which package installed which file.</summary>
internal interface IPackageDatabase
{
    /// <summary>The packages that own any of the files.</summary>
    /// <param name="paths">Absolute, without links and dots.</param>
    /// <param name="withFiles">Whether all files of these packages are asked for.</param>
    /// <exception cref="RuntimeException">The database cannot be read.</exception>
    OwnedFiles FindOwners(IReadOnlySet<string> paths, bool withFiles);
}
