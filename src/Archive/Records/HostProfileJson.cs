using System.Text.Encodings.Web;
using System.Text.Json;

namespace Provenance.Archive.Records;

/// <summary>A host profile as a file of its own: what <c>prov host --json</c> prints and <c>prov check --host</c> reads. Indented, for people.</summary>
public static class HostProfileJson
{
    public const int MaxBytes = 4 << 20;

    // Nothing of it stands in HTML, so that only what JSON itself needs is escaped.
    private static readonly RecordJsonContext Indented = new(new JsonSerializerOptions(RecordJsonContext.Default.Options)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>UTF-8, ended by a line feed.</summary>
    public static byte[] Serialize(HostProfile profile) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(profile, Indented.HostProfile), (byte)'\n'];

    /// <exception cref="RecordFormatException">It is no profile of a version we know.</exception>
    public static HostProfile Parse(ReadOnlySpan<byte> json)
    {
        const string What = "host profile";
        if (json.Length > MaxBytes)
        {
            throw new RecordFormatException(What, $"has {json.Length} bytes, at most {MaxBytes} are allowed");
        }

        // White space and order are free here; everything else is as in a record.
        try
        {
            var profile = RecordJson.Read(CanonicalJson.Canonicalize(json), RecordJsonContext.Default.HostProfile, What);
            return profile.Schema == HostProfile.SchemaV1
                ? profile
                : throw new RecordFormatException(What, $"schema is '{profile.Schema}', expected '{HostProfile.SchemaV1}'");
        }
        catch (JsonFormatException e)
        {
            throw new RecordFormatException(What, e.Message, e);
        }
    }
}
