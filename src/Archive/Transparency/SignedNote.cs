using System.Buffers.Binary;
using System.Text;

namespace Provenance.Archive.Transparency;

/// <summary>A text, and the signatures below it. Whether one of them holds is for <see cref="VerifierKey"/> to say.</summary>
/// <remarks>Source: C2SP signed-note.md, "Format".</remarks>
/// <param name="Text">With its last line feed, without the empty line that follows.</param>
/// <param name="Signatures">In the order in which they stand.</param>
public sealed record SignedNote(string Text, IReadOnlyList<NoteSignature> Signatures)
{
    /// <summary>The specification wants 16 at least.</summary>
    public const int MaxSignatures = 32;

    /// <summary>As many signatures, of nearly 5 kB each as post-quantum ones are, and a text.</summary>
    public const int MaxBytes = 1 << 18;

    private const string LineStart = "— ";
    private const int KeyIdBytes = sizeof(uint);

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="LogException">The bytes are no signed note. What is wrong is said, as the first thing that is.</exception>
    public static SignedNote Parse(ReadOnlySpan<byte> bytes)
    {
        string note = DecodeText(bytes);

        // "The text is separated from the signatures by the last empty line in the note."
        int end = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0)
        {
            throw Refused("no empty line separates text and signatures");
        }

        return new SignedNote(note[..(end + 1)], ParseSignatures(note[(end + 2)..]));
    }

    /// <summary>Signature lines alone, as a witness answers with.</summary>
    /// <exception cref="LogException">They are none.</exception>
    public static IReadOnlyList<NoteSignature> ParseSignatureLines(ReadOnlySpan<byte> bytes) => ParseSignatures(DecodeText(bytes));

    /// <summary>The text of what may have no signatures.</summary>
    /// <exception cref="LogException">It is too long, not UTF-8, or has control characters.</exception>
    internal static string DecodeText(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
        {
            throw Refused($"has {bytes.Length} bytes, at most {MaxBytes} expected");
        }

        // "MUST be valid UTF-8 and MUST NOT contain any ASCII control characters (those below U+0020) other than newline."
        foreach (byte value in bytes)
        {
            if (value < ' ' && value != '\n')
            {
                throw Refused($"has the control character 0x{value:x2}");
            }
        }

        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Refused("is not UTF-8");
        }
    }

    /// <summary>A name of a key: not empty, no blanks, no plus.</summary>
    internal static bool IsKeyName(string name) => name.Length > 0 && !name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c == '+');

    public byte[] ToBytes()
    {
        var note = new StringBuilder(Text);
        if (Signatures.Count > 0)
        {
            note.Append('\n');
        }

        foreach (var signature in Signatures)
        {
            note.Append(LineOf(signature));
        }

        return StrictUtf8.GetBytes(note.ToString());
    }

    /// <summary>The note with one more signature; an older one by the same key goes.</summary>
    public SignedNote With(NoteSignature signature) =>
        this with { Signatures = [.. Signatures.Where(other => !other.IsOfSameKey(signature)), signature] };

    /// <summary>With its line feed.</summary>
    internal static string LineOf(NoteSignature signature)
    {
        byte[] bytes = new byte[KeyIdBytes + signature.Bytes.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, signature.KeyId);
        signature.Bytes.Span.CopyTo(bytes.AsSpan(KeyIdBytes));
        return $"{LineStart}{signature.Name} {Convert.ToBase64String(bytes)}\n";
    }

    private static List<NoteSignature> ParseSignatures(string block)
    {
        if (!block.EndsWith('\n'))
        {
            throw Refused(block.Length == 0 ? "has no signature line" : "does not end with a line feed");
        }

        string[] lines = block[..^1].Split('\n');
        return lines.Length <= MaxSignatures
            ? [.. lines.Select(ParseSignature)]
            : throw Refused($"has {lines.Length} signatures, at most {MaxSignatures} expected");
    }

    private static NoteSignature ParseSignature(string line)
    {
        string[] words = line.StartsWith(LineStart, StringComparison.Ordinal) ? line[LineStart.Length..].Split(' ') : [];
        if (words is not [var name, var base64] || !IsKeyName(name))
        {
            throw Refused($"'{line}' is no signature line");
        }

        return StrictBase64.TryDecode(base64, out byte[] bytes) && bytes.Length > KeyIdBytes
            ? new NoteSignature(name, BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes.AsMemory(KeyIdBytes))
            : throw Refused($"'{base64}' is no signature in base 64");
    }

    private static LogException Refused(string reason) => new($"signed note: {reason}");
}
