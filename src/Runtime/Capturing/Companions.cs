using System.Text.RegularExpressions;

namespace Provenance.Runtime.Capturing;

/// <summary>Names the files that a program only looks at, without opening them, and cannot do without.</summary>
/// <remarks>
/// What is only looked at (stat, access) is not observed. Of most programs nothing is missed by that. Python compares the times of a
/// module with its <c>.pyc</c> and opens the latter alone (PEP 3147), and knows its library by <c>os.py</c> and <c>lib-dynload</c>
/// (Modules/getpath.py); R knows an installed package by its DESCRIPTION (find.package).
/// </remarks>
internal static partial class Companions
{
    /// <summary>Paths that may not exist.</summary>
    /// <param name="path">Absolute, without links and dots.</param>
    public static IEnumerable<string> Of(string path)
    {
        if (CompiledModule().Match(path) is { Success: true } module)
        {
            yield return $"{module.Groups["folder"].Value}/{module.Groups["name"].Value}.py";
        }

        if (PythonLibrary().Match(path) is { Success: true } library)
        {
            yield return $"{library.Groups["top"].Value}/os.py";
            yield return $"{library.Groups["top"].Value}/lib-dynload";
        }

        if (RPackage().Match(path) is { Success: true } package)
        {
            yield return $"{package.Groups["top"].Value}/DESCRIPTION";
            yield return $"{package.Groups["top"].Value}/NAMESPACE";
        }
    }

    [GeneratedRegex(@"\A(?<folder>/.+)/__pycache__/(?<name>[^/]+?)\.[a-z]+-[0-9]+(\.opt-[^./]+)?\.pyc\z", RegexOptions.ExplicitCapture)]
    private static partial Regex CompiledModule();

    [GeneratedRegex(@"\A(?<top>/.*/lib(64)?/(python|pypy)[0-9]+\.[0-9]+)/", RegexOptions.ExplicitCapture)]
    private static partial Regex PythonLibrary();

    [GeneratedRegex(@"\A(?<top>/.+)/(Meta|R|libs)/[^/]+\z", RegexOptions.ExplicitCapture)]
    private static partial Regex RPackage();
}
