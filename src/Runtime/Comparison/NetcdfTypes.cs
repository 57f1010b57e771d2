namespace Provenance.Runtime.Comparison;

/// <summary>How values of a NetCDF type stand in a file: most significant byte first.</summary>
internal static class NetcdfTypes
{
    /// <summary>Of one value, in bytes.</summary>
    public static int Bytes(this NetcdfType type) => type switch
    {
        NetcdfType.Byte or NetcdfType.Char or NetcdfType.UnsignedByte => 1,
        NetcdfType.Short or NetcdfType.UnsignedShort => 2,
        NetcdfType.Int or NetcdfType.Float or NetcdfType.UnsignedInt => 4,
        _ => 8,
    };

    /// <summary>The number, as near as a double comes to it. Not of <see cref="NetcdfType.Char"/>.</summary>
    /// <param name="bytes">Of one value. They are turned round.</param>
    public static double Read(this NetcdfType type, Span<byte> bytes)
    {
        bytes.Reverse();
        char code = type switch
        {
            NetcdfType.Float or NetcdfType.Double => 'f',
            NetcdfType.UnsignedByte or NetcdfType.UnsignedShort or NetcdfType.UnsignedInt or NetcdfType.UnsignedInt64 => 'u',
            _ => 'i',
        };
        return NumpyNumber.Read(code, bytes);
    }
}
