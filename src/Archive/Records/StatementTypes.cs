namespace Provenance.Archive.Records;

/// <summary>The type names that stand in statements. Specified in schema/FORMAT.md.</summary>
public static class StatementTypes
{
    public const string StatementV1 = "https://in-toto.io/Statement/v1";

    public const string Image = "urn:x-prov:image/v1";
    public const string Run = "urn:x-prov:run/v1";
    public const string Replay = "urn:x-prov:replay/v1";
}
