using Provenance.Archive.Catalog;
using Provenance.Archive.Records;
using Provenance.Web.Reading;

namespace Provenance.Web.Pages;

/// <summary>A replay: what was compared, and what had been said beforehand.</summary>
public sealed record ReplayPage(PageHead Head, RecordRow Row, ReplayRecord Record, JudgedRecord Judged, ByHand ByHand);
