using System.Text.RegularExpressions;
using Provenance.Archive.Records;

namespace Provenance.Archive.Images.Packages;

/// <summary>Which files of an image tell of its packages.</summary>
internal static partial class PackageFormats
{
    /// <summary>Debian's with ten thousand packages has 10 MB, rpm's of a whole distribution 100 MB.</summary>
    internal const int MaxDatabaseBytes = 128 << 20;

    /// <summary>conda's list the files of a package; Spack's index has 5 KB for each.</summary>
    private const int MaxJsonBytes = 16 << 20;

    /// <summary>Headers come first; the description of the package follows.</summary>
    private const int MetadataBytes = 64 << 10;

    private const int RecipeBytes = 256 << 10;

    private static readonly PackageFormat Dpkg = new("dpkg", MaxDatabaseBytes, PackageDatabase.ReadDpkg);
    private static readonly PackageFormat Apk = new("apk", MaxDatabaseBytes, PackageDatabase.ReadApk);
    private static readonly PackageFormat RpmSqlite = new("rpm", MaxDatabaseBytes, RpmDatabases.ReadSqlite);
    private static readonly PackageFormat RpmNdb = new("rpm", MaxDatabaseBytes, RpmDatabases.ReadNdb);
    private static readonly PackageFormat RpmBerkeley = new("rpm", MaxDatabaseBytes, RpmDatabases.ReadBerkeley);
    private static readonly PackageFormat RpmJournal = new("rpm", MaxDatabaseBytes, RpmDatabases.ReadJournal);
    private static readonly PackageFormat Python = new("pip", MetadataBytes, PythonMetadata.Read) { HeadIsEnough = true, OfPath = OfPythonPath };
    private static readonly PackageFormat Conda = new("conda", MaxJsonBytes, CondaMetadata.Read) { OfPath = OfCondaPath };
    private static readonly PackageFormat SpackIndex = new("spack", MaxJsonBytes, SpackDatabase.ReadIndex);
    private static readonly PackageFormat SpackSpec = new("spack", MaxJsonBytes, SpackDatabase.ReadSpec);
    private static readonly PackageFormat EasyBuild = new("easybuild", RecipeBytes, EasyBuildRecipe.Read) { HeadIsEnough = true, OfPath = OfRecipePath };

    /// <summary>Null for a file of no package manager. Asked for each file of an image: the last name decides most.</summary>
    /// <param name="path">As in the tree manifest.</param>
    public static PackageFormat? Find(string path)
    {
        var name = path.AsSpan(path.LastIndexOf('/') + 1);
        return name switch
        {
            "status" => path is "var/lib/dpkg/status" ? Dpkg : OfDistroless(path),
            "installed" => path is "lib/apk/db/installed" or "usr/lib/apk/db/installed" ? Apk : OfDistroless(path),
            "METADATA" => path.EndsWith(".dist-info/METADATA", StringComparison.Ordinal) ? Python : null,
            "PKG-INFO" => path.EndsWith(".egg-info/PKG-INFO", StringComparison.Ordinal) ? Python : null,
            "index.json" => path.EndsWith("/.spack-db/index.json", StringComparison.Ordinal) ? SpackIndex : null,
            "spec.json" => path.EndsWith("/.spack/spec.json", StringComparison.Ordinal) ? SpackSpec : null,
            "rpmdb.sqlite" => IsOfRpm(path) ? RpmSqlite : null,
            "rpmdb.sqlite-wal" => IsOfRpm(path) ? RpmJournal : null,
            "Packages.db" => IsOfRpm(path) ? RpmNdb : null,
            "Packages" => IsOfRpm(path) ? RpmBerkeley : OfDistroless(path),
            _ when name.EndsWith(".egg-info") => Python,
            _ when name.EndsWith(".json") => CondaPattern().IsMatch(path) ? Conda : null,
            _ when name.EndsWith(".eb") => RecipePattern().IsMatch(path) ? EasyBuild : null,
            _ => OfDistroless(path),
        };
    }

    /// <summary>Images without dpkg(1) have a file for each package instead.</summary>
    private static PackageFormat? OfDistroless(string path)
    {
        const string Folder = "var/lib/dpkg/status.d/";
        return path.StartsWith(Folder, StringComparison.Ordinal) && !path.AsSpan(Folder.Length).ContainsAny('/', '.') ? Dpkg : null;
    }

    private static bool IsOfRpm(string path) =>
        path.StartsWith("var/lib/rpm/", StringComparison.Ordinal) || path.StartsWith("usr/lib/sysimage/rpm/", StringComparison.Ordinal);

    // PyPA, "Recording installed projects": NAME-VERSION.dist-info, with no hyphen in either; eggs of setuptools add the version of Python.
    private static ImagePackage? OfPythonPath(string path) => Named("pip", PythonPattern().Match(path));

    // conda-build: NAME-VERSION-BUILD, and only a name has hyphens.
    private static ImagePackage? OfCondaPath(string path) => Named("conda", CondaPattern().Match(path));

    // EasyBuild's naming scheme: NAME/VERSION[-TOOLCHAIN][-SUFFIX].
    private static ImagePackage? OfRecipePath(string path) => Named("easybuild", RecipePattern().Match(path));

    private static ImagePackage? Named(string manager, Match match) => !match.Success ? null : new ImagePackage
    {
        Manager = manager,
        Name = match.Groups["name"].Value,
        Version = match.Groups["version"].Value,
        Build = match.Groups["build"] is { Success: true } build ? build.Value : null,
    };

    [GeneratedRegex(@"(?:\A|/)(?<name>[^/-]+)-(?<version>[^/-]+)(?:-py[^/-]+)?\.(?:dist-info/METADATA|egg-info(?:/PKG-INFO)?)\z")]
    private static partial Regex PythonPattern();

    [GeneratedRegex(@"(?:\A|/)conda-meta/(?<name>[^/]+)-(?<version>[^/-]+)-(?<build>[^/-]+)\.json\z")]
    private static partial Regex CondaPattern();

    [GeneratedRegex(@"(?:\A|/)(?<name>[^/]+)/(?<version>[^/]+)/easybuild/[^/]+\.eb\z")]
    private static partial Regex RecipePattern();
}
