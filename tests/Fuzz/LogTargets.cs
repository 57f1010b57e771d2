using System.Security.Cryptography;
using System.Text;
using Provenance.Archive;
using Provenance.Archive.Records;
using Provenance.Archive.Transparency;

namespace Provenance.Fuzz;

/// <summary>Checkpoints, proofs, rotations, entries and seals.</summary>
internal static class LogTargets
{
    private const string Origin = "prov-archive/ab";

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("checkpoint", static () => [Signed(3).ToBytes(), Cosigned().ToBytes()], ReadCheckpoint, typeof(ArchiveException)),
        new("log-proof", static () => [Proof()], ReadProof, typeof(ArchiveException)),
        new("log-rotation", static () => [Rotation().ToBytes()], static input => Same(LogRotation.Parse(input).ToBytes(), input), typeof(ArchiveException)),
        new("log-files", SomeFiles, FuzzTarget.OneOf(
            static input => Same(LogLeaf.Parse(input).ToBytes(), input),
            ReadEntries,
            static input => Same(FollowedLog.Parse(input).ToBytes(), input),
            static input => VerifierKey.Parse(Encoding.UTF8.GetString(input)),
            static input => NoteKey.Parse(Encoding.UTF8.GetString(input), mayAsk: false),
            static input => SealContent.Parse(input),
            static input => Checkpoint.Parse(Encoding.UTF8.GetString(input)),
            static input => SignedNote.ParseSignatureLines(input)), typeof(ArchiveException), typeof(CryptographicException)),
    ];

    private static NoteKey Key { get; } = NoteKey.Create(Origin, NoteKeyRole.Log);

    private static NoteKey Witness { get; } = NoteKey.Create("witness.example", NoteKeyRole.Witness);

    private static SignedCheckpoint Signed(long size) => SignedCheckpoint.Sign(new Checkpoint(Origin, new TreeHead(size, SHA256.HashData("root"u8))), Key);

    private static SignedCheckpoint Cosigned()
    {
        var signed = Signed(300);
        return signed.With(Witness.Cosign(signed.Note.Text, TimeProvider.System.GetUtcNow()));
    }

    private static LogRotation Rotation() =>
        LogRotation.Sign(new Checkpoint(Origin, new TreeHead(3, SHA256.HashData("root"u8))), Key, NoteKey.Create(Origin, NoteKeyRole.Log));

    private static byte[] Proof() => new TlogProof(1, [SHA256.HashData("a"u8), SHA256.HashData("b"u8)], Signed(3)).ToBytes();

    private static LogLeaf Leaf() => new() { Kind = RecordKind.Run, Record = LeafBlob.Of("a"u8), Signature = LeafBlob.Of("b"u8) };

    private static IEnumerable<byte[]> SomeFiles()
    {
        yield return FuzzTarget.Of(0, Leaf().ToBytes());
        using var bundle = new MemoryStream();
        EntryBundle.Append(bundle, Leaf().ToBytes());
        EntryBundle.Append(bundle, "entry"u8);
        yield return FuzzTarget.Of(1, bundle.ToArray());
        yield return FuzzTarget.Of(2, new FollowedLog(Key.Verifier, Signed(3)).ToBytes());
        yield return FuzzTarget.Of(3, Encoding.UTF8.GetBytes(Key.Verifier.ToString()));
        yield return FuzzTarget.Of(4, Encoding.UTF8.GetBytes(Key.ToText()));
        byte[] entry = SealContent.EntryOf(Leaf());
        yield return FuzzTarget.Of(5, entry);
        yield return FuzzTarget.Of(6, Encoding.UTF8.GetBytes(Signed(3).Checkpoint.ToText()));
        yield return FuzzTarget.Of(7, Encoding.UTF8.GetBytes(SignedNote.LineOf(Key.Sign(Signed(3).Checkpoint.ToText()))));
    }

    private static void ReadCheckpoint(byte[] input)
    {
        var read = SignedCheckpoint.Parse(input);
        Same(read.ToBytes(), input);
        Same(SignedNote.Parse(input).ToBytes(), input);
        read.Verify(new KnownKeys([Key.Verifier], [Witness.Verifier]));
    }

    private static void ReadProof(byte[] input)
    {
        var proof = TlogProof.Parse(input);
        // An extra line means nothing, and is not kept.
        Same(TlogProof.Parse(proof.ToBytes()).ToBytes(), proof.ToBytes());
        BrokenPromiseException.ThrowUnless(!proof.Includes("an entry that no log has"u8), "a proof includes what is in no log");
    }

    private static void ReadEntries(byte[] input)
    {
        for (int width = 1; width <= 4 && EntryBundle.Parse(input, width) is { } entries; width++)
        {
            BrokenPromiseException.ThrowUnless(entries.Count == width, "there are fewer entries than were said");
            Same(EntryBundle.Find(input, width - 1)!, entries[^1]);
        }
    }

    private static void Same(ReadOnlySpan<byte> written, ReadOnlySpan<byte> read) =>
        BrokenPromiseException.ThrowUnless(written.SequenceEqual(read), "it is written otherwise than it was read");
}
