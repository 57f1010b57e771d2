using System.Security.Cryptography;
using System.Text;
using Provenance.Archive.Records;
using Provenance.Runtime.Sandbox;

namespace Provenance.Runtime.Recording;

/// <summary>A job's environment as a record tells it: in order of name, and secrets as digests.</summary>
public static class RecordedEnvironment
{
    public static IReadOnlyList<EnvironmentVariable> Of(IReadOnlyList<EnvironmentEntry> entries) =>
        [.. entries.OrderBy(entry => entry.Name, StringComparer.Ordinal).Select(Of)];

    /// <summary>SHA-256 of a value's bytes, lowercase hex.</summary>
    public static string DigestOf(string value) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)));

    private static EnvironmentVariable Of(EnvironmentEntry entry) => SecretNames.LooksSecret(entry.Name)
        ? new() { Name = entry.Name, ValueSha256 = DigestOf(entry.Value) }
        : new() { Name = entry.Name, Value = entry.Value };
}
