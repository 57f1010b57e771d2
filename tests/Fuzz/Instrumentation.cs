using SharpFuzz;

namespace Provenance.Fuzz;

/// <summary>A copy of this program whose parsers tell which branches they take.</summary>
internal static class Instrumentation
{
    /// <summary>Ours, whole, and those of others that read what arrives. Of BouncyCastle only what reads: its arithmetic would be all that is seen.</summary>
    private static readonly (string Assembly, string[] Types)[] Instrumented =
    [
        ("Provenance.Archive", [""]),
        ("Provenance.Runtime", [""]),
        ("Provenance.Web", [""]),
        ("Provenance.Fuzz", [typeof(Planted).FullName!]),
        ("YamlDotNet", [""]),
        ("Tomlyn", [""]),
        ("SharpCompress", [""]),
        ("BouncyCastle.Cryptography", ["Org.BouncyCastle.Asn1.", "Org.BouncyCastle.X509.", "Org.BouncyCastle.Utilities.IO."]),
    ];

    /// <summary>Makes the copy anew where it is missing, or older than the program.</summary>
    /// <returns>The program in it.</returns>
    public static string Prepare(string folder)
    {
        string program = Path.Combine(folder, "Provenance.Fuzz.dll");
        string stamp = Path.Combine(folder, "stamp");
        string expected = string.Join('\n', Files().Select(static file => $"{file.Name} {file.Length} {file.LastWriteTimeUtc.Ticks}"));
        if (File.Exists(stamp) && File.ReadAllText(stamp) == expected)
            return program;

        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(folder, Path.GetRelativePath(AppContext.BaseDirectory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        foreach (var (assembly, types) in Instrumented)
            Fuzzer.Instrument(Path.Combine(folder, assembly + ".dll"), type => types.Any(start => type.StartsWith(start, StringComparison.Ordinal)), Options.Value);

        using var text = File.CreateText(stamp);
        text.Write(expected);
        return program;
    }

    private static IEnumerable<FileInfo> Files() =>
        new DirectoryInfo(AppContext.BaseDirectory).EnumerateFiles("*.dll").OrderBy(static file => file.Name, StringComparer.Ordinal);
}
