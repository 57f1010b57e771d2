namespace Provenance.Archive.Transparency;

/// <summary>A checkpoint with the signatures below it: the log's own, and those of witnesses. Logs of before signing began have none.</summary>
/// <remarks>Source: C2SP tlog-checkpoint.md.</remarks>
public sealed record SignedCheckpoint
{
    private SignedCheckpoint(Checkpoint checkpoint, SignedNote note)
    {
        Checkpoint = checkpoint;
        Note = note;
    }

    public Checkpoint Checkpoint { get; }

    public SignedNote Note { get; }

    public TreeHead Tree => Checkpoint.Tree;

    public bool IsSigned => Note.Signatures.Count > 0;

    /// <exception cref="LogException">The bytes are no checkpoint.</exception>
    public static SignedCheckpoint Parse(ReadOnlySpan<byte> bytes)
    {
        // What has no empty line has no signatures.
        var note = bytes.IndexOf("\n\n"u8) < 0 ? new SignedNote(SignedNote.DecodeText(bytes), []) : SignedNote.Parse(bytes);
        return new SignedCheckpoint(Checkpoint.Parse(note.Text), note);
    }

    public static SignedCheckpoint Sign(Checkpoint checkpoint, NoteKey key)
    {
        string text = checkpoint.ToText();
        return new SignedCheckpoint(checkpoint, new SignedNote(text, [key.Sign(text)]));
    }

    /// <summary>With one more signature; an older one by the same key goes.</summary>
    public SignedCheckpoint With(NoteSignature signature) => new(Checkpoint, Note.With(signature));

    /// <summary>With those of its signatures alone.</summary>
    internal SignedCheckpoint Only(Func<NoteSignature, bool> kept) => new(Checkpoint, Note with { Signatures = [.. Note.Signatures.Where(kept)] });

    public byte[] ToBytes() => Note.ToBytes();

    /// <summary>Which of the known keys signed it. Signatures of others are ignored, as the specification wants.</summary>
    /// <exception cref="LogException">A signature that says it is a known key's does not hold: then the whole note is refused.</exception>
    public CheckpointSignatures Verify(KnownKeys known)
    {
        var holding = new List<(VerifierKey Key, NoteSignature Line)>();
        foreach (var signature in Note.Signatures)
        {
            if (known.Find(signature) is not { } key || holding.Exists(other => other.Key == key))
            {
                continue;
            }

            if (!key.Verifies(Note.Text, signature))
            {
                throw new LogException($"checkpoint of the log: the signature of '{key.Label}' does not hold");
            }

            holding.Add((key, signature));
        }

        // A log's key signs for its own origin alone.
        var log = holding.Find(one => one.Key.Role == NoteKeyRole.Log && one.Key.Name == Checkpoint.Origin).Key;
        var witnesses = holding.Where(one => one.Key.Role == NoteKeyRole.Witness);
        return new CheckpointSignatures(
            log, [.. witnesses.Select(one => new Cosignature(one.Key, Cosignature.FindTime(one.Line.Bytes.Span)!.Value))]);
    }
}
