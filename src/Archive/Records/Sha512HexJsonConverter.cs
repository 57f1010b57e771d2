namespace Provenance.Archive.Records;

/// <summary>128 lowercase hex digits.</summary>
public sealed class Sha512HexJsonConverter() : HexJsonConverter(64);
