namespace Provenance.Runtime.Comparison;

/// <summary>The types of the NetCDF classic formats, by their numbers.</summary>
internal enum NetcdfType
{
    Byte = 1,
    Char = 2,
    Short = 3,
    Int = 4,
    Float = 5,
    Double = 6,
    UnsignedByte = 7,
    UnsignedShort = 8,
    UnsignedInt = 9,
    Int64 = 10,
    UnsignedInt64 = 11,
}
