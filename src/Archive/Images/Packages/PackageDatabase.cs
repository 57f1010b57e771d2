namespace Provenance.Archive.Images.Packages;

/// <summary>Reads the lists that dpkg and apk keep of what is installed.</summary>
internal static class PackageDatabase
{
    /// <summary>A longer line is not one of a package database, in characters; dpkg's longest lists of conflicts have some thousands.</summary>
    private const int MaxLineLength = 1 << 20;

    /// <summary>Paragraphs of <c>Name: value</c>, as of dpkg's status file; those that are only configured or removed are left out.</summary>
    /// <remarks>Source: deb-status(5), deb-control(5). Distroless images keep a file for each package, without the field Status.</remarks>
    public static IEnumerable<InstalledPackage> ReadDpkg(TextReader status) =>
        Paragraphs(status)
            .Where(fields => !fields.TryGetValue("Status", out string? state) || state.EndsWith(" installed", StringComparison.Ordinal))
            .Select(fields => Package("dpkg", fields, "Package", "Version", "Architecture"))
            .OfType<InstalledPackage>();

    /// <summary>Paragraphs of <c>X:value</c>: P the name, V the version, A the architecture.</summary>
    /// <remarks>Source: apk-tools, doc/apk-installed(5).</remarks>
    public static IEnumerable<InstalledPackage> ReadApk(TextReader installed) =>
        Paragraphs(installed).Select(fields => Package("apk", fields, "P", "V", "A")).OfType<InstalledPackage>();

    private static InstalledPackage? Package(
        string manager, Dictionary<string, string> fields, string name, string version, string architecture)
    {
        if (!fields.TryGetValue(name, out string? called) || !fields.TryGetValue(version, out string? of))
        {
            return null;
        }

        return InstalledPackage.Of(manager, called, of, fields.GetValueOrDefault(architecture));
    }

    private static IEnumerable<Dictionary<string, string>> Paragraphs(TextReader text)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        while (text.ReadLine() is { } line)
        {
            if (line.Length > MaxLineLength)
            {
                throw new ImageException($"package database: has a line of {line.Length} characters");
            }

            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (line.Length == 0 && fields.Count > 0)
            {
                yield return fields;
                fields = new Dictionary<string, string>(StringComparer.Ordinal);
            }
            else if (colon > 0 && line[0] is not (' ' or '\t'))
            {
                // The first counts: of apk's files each has lines of its own.
                fields.TryAdd(line[..colon], line[(colon + 1)..].Trim());
            }
        }

        if (fields.Count > 0)
        {
            yield return fields;
        }
    }
}
