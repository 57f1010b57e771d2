namespace Provenance.Archive.Records;

/// <summary>32 lowercase hex digits.</summary>
public sealed class Md5HexJsonConverter() : HexJsonConverter(16);
