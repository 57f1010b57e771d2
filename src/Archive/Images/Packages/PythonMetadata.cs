using System.Text;
using Provenance.Archive.Records;

namespace Provenance.Archive.Images.Packages;

/// <summary>Reads what Python's packages say of themselves: METADATA of a wheel, PKG-INFO of an egg.</summary>
/// <remarks>Source: PyPA, "Core metadata specifications": headers as of an e-mail, then the description.</remarks>
internal static class PythonMetadata
{
    public static IEnumerable<ImagePackage> Read(ReadOnlyMemory<byte> metadata)
    {
        string? name = null, version = null;
        foreach (string line in Encoding.UTF8.GetString(metadata.Span).Split('\n'))
        {
            string header = line.TrimEnd('\r');
            if (header.Length == 0)
            {
                break;
            }

            name ??= Value(header, "Name:");
            version ??= Value(header, "Version:");
        }

        if (name is not null && version is not null)
        {
            yield return new ImagePackage { Manager = "pip", Name = name, Version = version };
        }
    }

    private static string? Value(string header, string name) =>
        header.StartsWith(name, StringComparison.OrdinalIgnoreCase) ? header[name.Length..].Trim() : null;
}
