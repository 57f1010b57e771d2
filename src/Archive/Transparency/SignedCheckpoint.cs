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
        VerifierKey? log = null;
        var cosignatures = new List<Cosignature>();
        var seen = new List<NoteSignature>();
        foreach (var signature in Note.Signatures)
        {
            if (known.Find(signature) is not { } key || seen.Exists(signature.IsOfSameKey))
            {
                continue;
            }

            seen.Add(signature);
            if (!key.Verifies(Note.Text, signature))
            {
                throw new LogException($"checkpoint of the log: the signature of '{key.Label}' does not hold");
            }

            if (key.Type == NoteKeyType.Cosignature)
            {
                cosignatures.Add(new Cosignature(key, Cosignature.FindTime(signature.Bytes.Span)!.Value));
            }
            else if (key.Name == Checkpoint.Origin)
            {
                // A log's key signs for its own origin alone.
                log ??= key;
            }
        }

        return new CheckpointSignatures(log, cosignatures);
    }
}
