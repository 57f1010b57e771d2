using System.Globalization;
using System.Text.RegularExpressions;
using Provenance.Archive.Content;

namespace Provenance.Archive.Transparency;

/// <summary>That the key of a log is followed by another: a note that both have signed. Whoever knows the old key knows the new one by it.</summary>
/// <remarks>
/// A checkpoint with both signatures would not say that: anybody can put a further signature under a checkpoint. Here the old key signs the name of the
/// new one. The first line keeps the text apart from every checkpoint, as an origin begins otherwise. Specified in schema/FORMAT.d/log.md.
/// </remarks>
public sealed partial record LogRotation
{
    private const string Header = "prov-log-rotation/v1";

    /// <summary>Keys of one log, one after the other, that are followed.</summary>
    internal const int MaxGenerations = 64;

    private LogRotation(Checkpoint checkpoint, VerifierKey old, VerifierKey made, SignedNote note)
    {
        Checkpoint = checkpoint;
        Old = old;
        New = made;
        Note = note;
    }

    /// <summary>What the log was: the last that the old key has signed.</summary>
    public Checkpoint Checkpoint { get; }

    public VerifierKey Old { get; }

    public VerifierKey New { get; }

    public SignedNote Note { get; }

    internal static LogRotation Sign(Checkpoint checkpoint, NoteKey old, NoteKey made)
    {
        string text = $"{Header}\n{checkpoint.ToText()}{old.Verifier}\n{made.Verifier}\n";
        return new LogRotation(checkpoint, old.Verifier, made.Verifier, new SignedNote(text, [old.Sign(text), made.Sign(text)]));
    }

    /// <exception cref="LogException">It is none, is of keys of another log, or one of the two has not signed it.</exception>
    public static LogRotation Parse(ReadOnlySpan<byte> bytes)
    {
        var note = SignedNote.Parse(bytes);
        var match = Pattern().Match(note.Text);
        if (!match.Success)
        {
            throw new LogException("rotation of a log's key: not in its form");
        }

        var checkpoint = Checkpoint.Parse(match.Groups["checkpoint"].Value);
        var old = VerifierKey.Parse(match.Groups["old"].Value);
        var made = VerifierKey.Parse(match.Groups["new"].Value);
        foreach (var key in (VerifierKey[])[old, made])
        {
            if (key.Role != NoteKeyRole.Log || key.Name != checkpoint.Origin)
            {
                throw new LogException($"rotation of a log's key: '{key.Label}' is no key of log '{checkpoint.Origin}'");
            }

            if (!note.Signatures.Any(signature => key.Verifies(note.Text, signature)))
            {
                throw new LogException($"rotation of a log's key: '{key.Label}' has not signed it");
            }
        }

        return old == made ? throw new LogException("rotation of a log's key: to the same key") : new LogRotation(checkpoint, old, made, note);
    }

    public byte[] ToBytes() => Note.ToBytes();

    /// <summary>The name of the file that has the rotation from a key, in the log's folder.</summary>
    internal static string PathFrom(VerifierKey old) => "rotations/" + old.Id.ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>The keys that have signed this archive's log, the one that signs first. Each is vouched for by the one that followed it.</summary>
    /// <exception cref="LogException">A rotation is none.</exception>
    internal static IReadOnlyList<VerifierKey> KeysOf(StoreLayout layout)
    {
        if (LogKeyStore.FindVerifier(layout) is not { } own)
        {
            return [];
        }

        var keys = new List<VerifierKey> { own };
        var rotations = List(layout);
        while (rotations.Find(rotation => rotation.New == keys[^1] && !keys.Contains(rotation.Old)) is { } rotation)
        {
            keys.Add(rotation.Old);
        }

        return keys;
    }

    /// <returns>Null when the key has no successor.</returns>
    /// <exception cref="LogException">The file is no rotation.</exception>
    internal static LogRotation? Find(StoreLayout layout, VerifierKey old)
    {
        string path = Path.Combine(layout.Log, PathFrom(old));
        return File.Exists(path) ? Read(path) : null;
    }

    private static List<LogRotation> List(StoreLayout layout) => Directory.Exists(layout.LogRotations)
        ? [.. Directory.EnumerateFiles(layout.LogRotations).Order(StringComparer.Ordinal).Take(MaxGenerations)
            .Where(path => !AtomicFile.IsTemporary(Path.GetFileName(path))).Select(Read)]
        : [];

    private static LogRotation Read(string path)
    {
        try
        {
            return new FileInfo(path).Length <= SignedNote.MaxBytes ? Parse(File.ReadAllBytes(path)) : throw new LogException("is too long");
        }
        catch (LogException e)
        {
            throw new LogException($"'log/rotations/{Path.GetFileName(path)}': {e.Message}", e);
        }
    }

    [GeneratedRegex(
        @"\Aprov-log-rotation/v1\n(?<checkpoint>[^\n]+\n[^\n]+\n[^\n]+\n)(?<old>[^\n]+)\n(?<new>[^\n]+)\n\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
