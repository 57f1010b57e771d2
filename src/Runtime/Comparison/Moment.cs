namespace Provenance.Runtime.Comparison;

/// <summary>A time that stands in a text.</summary>
/// <param name="Text">As it stands there.</param>
/// <param name="Index">Of its first character.</param>
/// <param name="From">The first moment it may mean.</param>
/// <param name="Until">The first that it does not mean any more: a second or a minute later.</param>
internal readonly record struct Moment(string Text, int Index, DateTimeOffset From, DateTimeOffset Until);
