using Provenance.Archive.Records;

namespace Provenance.Runtime.Capturing;

/// <summary>apk's, of Alpine: one file of records with an empty line between them.</summary>
/// <remarks>apk-v2(5): <c>P:</c> name, <c>V:</c> version, <c>A:</c> architecture, <c>F:</c> a folder, <c>R:</c> a file in it.</remarks>
/// <param name="file"><c>/lib/apk/db/installed</c>.</param>
internal sealed class ApkDatabase(string file) : IPackageDatabase
{
    public OwnedFiles FindOwners(IReadOnlySet<string> paths, bool withFiles)
    {
        var owners = new List<OwningPackage>();
        var files = new List<string>();
        var record = new List<string>();
        foreach (string line in File.ReadLines(file).Append(""))
        {
            if (line.Length > 0)
            {
                record.Add(line);
                continue;
            }

            if (PackageOf(record) is { } package && FilesOf(record) is var its && its.Exists(paths.Contains))
            {
                owners.Add(package);
                files.AddRange(withFiles ? its : []);
            }

            record.Clear();
        }

        return new OwnedFiles([.. owners.OrderBy(owner => owner.Name, StringComparer.Ordinal)], files);
    }

    private static OwningPackage? PackageOf(List<string> record)
    {
        string? name = Find("P:"), version = Find("V:"), architecture = Find("A:");
        return name is null || version is null || architecture is null
            ? null
            : new OwningPackage { Name = name, Version = version, Architecture = architecture, Manager = "apk" };

        string? Find(string key) => record.Find(line => line.StartsWith(key, StringComparison.Ordinal))?[key.Length..];
    }

    private static List<string> FilesOf(List<string> record)
    {
        var files = new List<string>();
        string folder = "";
        foreach (string line in record)
        {
            folder = line.StartsWith("F:", StringComparison.Ordinal) ? line[2..] : folder;
            if (line.StartsWith("R:", StringComparison.Ordinal))
            {
                files.Add(folder.Length == 0 ? $"/{line[2..]}" : $"/{folder}/{line[2..]}");
            }
        }

        return files;
    }
}
