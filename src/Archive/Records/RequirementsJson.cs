namespace Provenance.Archive.Records;

/// <summary>Requirements by themselves, as the cache keeps them and as <c>prov image show --requirements --json</c> prints them.</summary>
public static class RequirementsJson
{
    private const string What = "requirements";

    /// <summary>Canonical bytes.</summary>
    public static byte[] Serialize(Requirements requirements) =>
        RecordJson.Write(requirements, RecordJsonContext.Default.Requirements);

    /// <exception cref="RecordFormatException">The bytes are not what we would have written.</exception>
    public static Requirements Parse(ReadOnlySpan<byte> json) =>
        RecordJson.Read(json, RecordJsonContext.Default.Requirements, What);
}
