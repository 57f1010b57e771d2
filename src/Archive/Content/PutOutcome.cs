namespace Provenance.Archive.Content;

/// <summary>What keeping a blob did.</summary>
public enum PutOutcome
{
    Stored,
    AlreadyPresent,
}
