using Provenance.Web.Pages;

namespace Provenance.Web.Reading;

/// <summary>The first of a run's files, how many there are, and how much the run keeps.</summary>
/// <param name="Stamp">Of the archive when it was read: whether bytes are there may change.</param>
/// <param name="Outputs">What it made.</param>
/// <param name="Inputs">What it read.</param>
/// <param name="KeptBytes">Outputs, streams, and inputs where these were kept.</param>
internal sealed record RunListing(ArchiveStamp Stamp, ShownFiles Outputs, ShownFiles Inputs, long KeptBytes);
