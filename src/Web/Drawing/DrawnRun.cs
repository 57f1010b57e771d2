using Provenance.Archive.Catalog;

namespace Provenance.Web.Drawing;

/// <summary>A run in a drawing.</summary>
public sealed record DrawnRun(RunRow Run);
