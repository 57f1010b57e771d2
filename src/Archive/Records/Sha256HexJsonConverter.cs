namespace Provenance.Archive.Records;

/// <summary>64 lowercase hex digits.</summary>
public sealed class Sha256HexJsonConverter() : HexJsonConverter(32);
