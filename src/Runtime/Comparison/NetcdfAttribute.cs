namespace Provenance.Runtime.Comparison;

/// <summary>A value that is given to a NetCDF file or to one of its variables.</summary>
/// <param name="Values">As they stand in the file, without padding.</param>
internal sealed record NetcdfAttribute(string Name, NetcdfType Type, byte[] Values);
