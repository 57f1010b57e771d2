namespace Provenance.Archive.Records;

/// <summary>40 lowercase hex digits.</summary>
public sealed class Sha1HexJsonConverter() : HexJsonConverter(20);
