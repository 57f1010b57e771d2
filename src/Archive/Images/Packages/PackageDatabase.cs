using System.Text;
using Provenance.Archive.Records;

namespace Provenance.Archive.Images.Packages;

/// <summary>Reads the lists that dpkg and apk keep of what is installed.</summary>
internal static class PackageDatabase
{
    /// <summary>A longer line is not one of a package database, in bytes; dpkg's longest lists of conflicts have some thousands.</summary>
    private const int MaxLineBytes = 1 << 20;

    /// <summary>Paragraphs of <c>Name: value</c>, as of dpkg's status file; those that are only configured or removed are left out.</summary>
    /// <remarks>Source: deb-status(5), deb-control(5). Distroless images keep a file for each package, without the field Status.</remarks>
    public static IEnumerable<ImagePackage> ReadDpkg(ReadOnlyMemory<byte> status) =>
        Paragraphs(status, ["Package", "Version", "Architecture", "Status"])
            .Where(fields => fields[3]?.EndsWith(" installed", StringComparison.Ordinal) != false)
            .Select(fields => Package("dpkg", fields))
            .OfType<ImagePackage>();

    /// <summary>Paragraphs of <c>X:value</c>: P the name, V the version, A the architecture.</summary>
    /// <remarks>Source: apk-tools, doc/apk-installed(5).</remarks>
    public static IEnumerable<ImagePackage> ReadApk(ReadOnlyMemory<byte> installed) =>
        Paragraphs(installed, ["P", "V", "A"]).Select(fields => Package("apk", fields)).OfType<ImagePackage>();

    private static ImagePackage? Package(string manager, string?[] fields) => fields is [{ } name, { } version, var architecture, ..]
        ? new ImagePackage { Manager = manager, Name = name, Version = version, Architecture = architecture }
        : null;

    /// <summary>Of each paragraph the fields of these names, null where it has none.</summary>
    private static IEnumerable<string?[]> Paragraphs(ReadOnlyMemory<byte> text, string[] names)
    {
        byte[][] heads = [.. names.Select(name => Encoding.ASCII.GetBytes(name + ":"))];
        var fields = new string?[names.Length];
        bool isEmpty = true;
        for (int start = 0; start < text.Length;)
        {
            int end = text.Span[start..].IndexOf((byte)'\n');
            end = end < 0 ? text.Length : start + end;
            if (end - start > MaxLineBytes)
            {
                throw new ImageException($"has a line of {end - start} bytes");
            }

            var line = text[start..end];
            start = end + 1;
            if (line.Span.TrimEnd((byte)'\r').IsEmpty)
            {
                if (!isEmpty)
                {
                    yield return fields;
                    (fields, isEmpty) = (new string?[names.Length], true);
                }

                continue;
            }

            isEmpty = false;
            Note(line.Span, heads, fields);
        }

        if (!isEmpty)
        {
            yield return fields;
        }
    }

    /// <summary>The first counts: of apk's files each has lines of its own.</summary>
    private static void Note(ReadOnlySpan<byte> line, byte[][] heads, string?[] fields)
    {
        for (int i = 0; i < heads.Length; i++)
        {
            if (line.StartsWith(heads[i]))
            {
                fields[i] ??= Encoding.UTF8.GetString(line[heads[i].Length..]).Trim();
            }
        }
    }
}
