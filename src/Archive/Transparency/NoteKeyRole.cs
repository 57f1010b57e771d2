namespace Provenance.Archive.Transparency;

/// <summary>Who signs with a key, and so what.</summary>
public enum NoteKeyRole
{
    /// <summary>The text of a note. Type 1 of C2SP signed-note.md.</summary>
    Log,

    /// <summary>That a checkpoint was seen at a time, consistent with all before. Type 4, C2SP tlog-cosignature.md.</summary>
    Witness,
}
