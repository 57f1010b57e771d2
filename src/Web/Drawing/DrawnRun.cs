using Provenance.Archive.Catalog;

namespace Provenance.Web.Drawing;

/// <summary>A run in a drawing.</summary>
/// <param name="Column">Steps from the run that is asked about: those before it are negative.</param>
public sealed record DrawnRun(RunRow Run, int Column);
