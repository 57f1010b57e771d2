namespace Provenance.Archive.Transparency;

/// <summary>What a key signs, by the byte that stands before it in a verifier key.</summary>
/// <remarks>Source: C2SP signed-note.md, "Signature types". The others are not used by us, and a key of theirs is refused where one is configured.</remarks>
public enum NoteKeyType
{
    /// <summary>The text of a note: a log's key.</summary>
    Ed25519 = 1,

    /// <summary>That a checkpoint was seen at a time, consistent with all before: a witness's key (C2SP tlog-cosignature.md).</summary>
    Cosignature = 4,
}
