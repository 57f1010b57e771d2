using Provenance.Archive.Access;

namespace Provenance.Web.Access;

/// <summary>Who makes a request. Told once, before anything is answered.</summary>
internal sealed class Visit
{
    public Audience Audience { get; set; } = Audience.Public;
}
