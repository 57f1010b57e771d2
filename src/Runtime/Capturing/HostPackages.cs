namespace Provenance.Runtime.Capturing;

/// <summary>The package managers of this host, asked together.</summary>
internal sealed class HostPackages(IReadOnlyList<IPackageDatabase> databases)
{
    private const string DpkgFolder = "/var/lib/dpkg";
    private const string ApkFile = "/lib/apk/db/installed";
    private const string RpmProgram = "/usr/bin/rpm";
    private static readonly string[] RpmFolders = ["/var/lib/rpm", "/usr/lib/sysimage/rpm"];

    /// <summary>Whether there is any, so that no package is an answer.</summary>
    public bool Any => databases.Count > 0;

    public static HostPackages Find(HostPaths host)
    {
        var found = new List<IPackageDatabase>();
        if (File.Exists($"{DpkgFolder}/status"))
        {
            found.Add(new DpkgDatabase(DpkgFolder, folder => host.Trace(folder) is [.., var last] ? last.Path : folder));
        }

        if (File.Exists(ApkFile))
        {
            found.Add(new ApkDatabase(ApkFile));
        }

        if (File.Exists(RpmProgram) && Array.Exists(RpmFolders, folder =>
            Directory.Exists(folder) && Directory.EnumerateFiles(folder).Any()))
        {
            found.Add(new RpmDatabase(RpmProgram));
        }

        return new HostPackages(found);
    }

    /// <inheritdoc cref="IPackageDatabase.FindOwners"/>
    public OwnedFiles FindOwners(IReadOnlySet<string> paths, bool withFiles)
    {
        var answers = databases.Select(database => database.FindOwners(paths, withFiles)).ToList();
        return new OwnedFiles(
            [.. answers.SelectMany(answer => answer.Packages)], [.. answers.SelectMany(answer => answer.Files)]);
    }
}
