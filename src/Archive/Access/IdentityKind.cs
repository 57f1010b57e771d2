namespace Provenance.Archive.Access;

/// <summary>What a text tells of.</summary>
public enum IdentityKind
{
    Person,
    Host,
    Cluster,
    Account,
    Source,
    Repository,
    Site,
}
